// The mark, a small boat of the harbour city with a smile for a hull, and the icons: paths on a grid of 24, drawn by stroke.
const SVG = "http://www.w3.org/2000/svg"; // a name, nothing is fetched

const draw = (paths: string[], box: string, kind: string) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("class", kind);
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
};

export const mark = () =>
  draw(["M15 4v15H6C6 12 9 7 15 4z", "M18 8c5 2 7 6 7 11h-7z", "M4 22c3 1 5 1 7.500 0s5.500-1 8 0 5 1 8.500 0c-2 5-6.500 7-12 7S6 27 4 22z"], "0 0 32 32", "mark");

const paths = {
  send: ["M4 12 20 4l-4 16-5-6z", "m11 14 9-10"],
  topics: ["M5 6h14M5 12h14M5 18h9"],
  place: ["M12 21c-4-5-6.500-8-6.500-11a6.500 6.500 0 0 1 13 0c0 3-2.500 6-6.500 11z", "M12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z"],
  file: ["m8 12 6-6a3.300 3.300 0 0 1 5 5l-8 8a5.300 5.300 0 0 1-7.500-7.500L11 4"],
  voice: ["M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z", "M5.500 11a6.500 6.500 0 0 0 13 0M12 17.500V21"],
  copy: ["M9 9h11v11H9z", "M15 9V4H4v11h5"],
  share: ["M14 5l6 6-6 6", "M20 11h-8c-4 0-7 2-8 8"],
  up: ["M7 11v9H4v-9z", "M7 11l4-8c2 0 3 1 3 3l-1 4h6c1 0 2 1 1.700 2l-1.700 6c-.3 1.200-1 2-2 2H7"],
  down: ["M17 13V4h3v9z", "M17 13l-4 8c-2 0-3-1-3-3l1-4H5c-1 0-2-1-1.700-2L5 6c.3-1.200 1-2 2-2h10"],
  close: ["M6 6l12 12M18 6 6 18"],
  download: ["M12 4v11M7 11l5 5 5-5M5 20h14"],
  call: ["M6 3h4l2 5-2.500 1.500a12 12 0 0 0 5 5L16 12l5 2v4c0 1.500-1 3-3 3A15 15 0 0 1 3 6c0-2 1.500-3 3-3z"],
};
export const icon = (name: keyof typeof paths) => draw(paths[name], "0 0 24 24", "icon");
