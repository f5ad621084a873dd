// What a shared profile runs, in a page of its own: frames drawn from the data in the page, a click gives one the whole width.
const { title, unit, root } = JSON.parse(document.getElementById("profile").textContent);
const graph = document.getElementById("graph");
const about = document.getElementById("about");
const ROW = 20;
const NARROWEST = 1 / 2400;
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";

function shown(value) {
  if (unit === "bytes") return value >= 1e6 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e3).toFixed(1)} kB`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(2)} s` : `${(value / 1e3).toFixed(2)} ms`;
}

function tell([name, value, self, , where]) {
  const share = ((100 * value) / root[1]).toFixed(1);
  about.textContent = `${name}  ${shown(value)} in all, ${shown(self)} by itself, ${share} %${where === "" ? "" : `  ${where}`}`;
}

function place(node, path, depth, left, width) {
  const frame = document.createElement("button");
  frame.className = `frame ${node[3]}`;
  frame.textContent = width > 0.012 ? node[0] : "";
  frame.title = `${node[0]} ${node[4]}`;
  frame.style.cssText = `left:${left * 100}%;width:${width * 100}%;top:${depth * ROW}px`;
  frame.onmouseenter = frame.onfocus = () => tell(node);
  frame.onclick = () => draw(path);
  graph.append(frame);
}

/** Draws from the frame at the end of `path`; those above it take the whole width. */
function draw(path) {
  graph.replaceChildren();
  let deepest = 0;
  const under = (node, at, depth, left, width) => {
    deepest = Math.max(deepest, depth);
    place(node, at, depth, left, width);
    let from = left;
    for (const child of node[5]) {
      const part = (width * child[1]) / (node[1] || 1);
      if (part > NARROWEST) under(child, [...at, child], depth + 1, from, part);
      from += part;
    }
  };
  for (const [depth, node] of path.slice(0, -1).entries()) place(node, path.slice(0, depth + 1), depth, 0, 1);
  under(path.at(-1), path, path.length - 1, 0, 1);
  graph.style.height = `${(deepest + 1) * ROW + 2}px`;
  tell(path.at(-1));
}

document.title = title;
draw([root]);
