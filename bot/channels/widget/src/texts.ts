// The one line that picks the language.
export { texts } from "./texts.zh";
