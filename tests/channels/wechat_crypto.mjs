// What @wecom/crypto makes and opens: arguments are token, AES key, app id and a JSON list of [timestamp, nonce, message, sealed or ""].
import { createRequire } from "node:module";
const { getSignature, encrypt, decrypt } = createRequire(process.cwd() + "/")("@wecom/crypto");
const [token, key, appId, given] = process.argv.slice(2);
const made = JSON.parse(given).map(([timestamp, nonce, message, sealed]) => {
  const encrypted = encrypt(key, message, appId);
  return { timestamp, nonce, message, encrypted, signature: getSignature(token, timestamp, nonce, encrypted), opened: sealed ? decrypt(key, sealed) : null, of: sealed ? getSignature(token, timestamp, nonce, sealed) : null };
});
console.log(JSON.stringify(made, null, 1));
