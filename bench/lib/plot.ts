/** One set of bars with a title of its own. */
export type Panel = {
  title: string;
  unit: string;
  bars: { name: string; value: number; ours: boolean }[];
};

const WIDTH = 880;
const NAMES = 150;
const NUMBERS = 90;
const BAR = 16;
const STEP = 23;
const HEAD = 46;

/** Plain colours that read on paper and on a dark page; the text follows the reader's choice of either. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 14px }
  .axis { stroke: #8c959f; stroke-width: 1 }
  .peer { fill: #8c959f }
  .ours { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .axis { stroke: #6e7681 }
    .peer { fill: #6e7681 }
    .ours { fill: #4493f8 }
  }`;

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Horizontal bars, each panel on its own scale from zero, so that lengths within a panel compare. */
export function drawPanels(panels: readonly Panel[], label: string): string {
  const drawn = panels.filter(({ bars }) => bars.length > 0);
  let y = 8;
  const parts: string[] = [];
  for (const { title, unit, bars } of drawn) {
    const longest = Math.max(...bars.map(({ value }) => value));
    parts.push(`<text class="title" x="8" y="${y + 18}">${escape(title)}</text>`);
    const top = y + HEAD - 14;
    for (const [i, { name, value, ours }] of bars.entries()) {
      const at = top + i * STEP;
      const length = longest === 0 ? 0 : Math.max(1, ((WIDTH - NAMES - NUMBERS) * value) / longest);
      parts.push(
        `<text x="${NAMES - 8}" y="${at + BAR - 4}" text-anchor="end"${ours ? ' font-weight="600"' : ""}>${escape(name)}</text>`,
        `<rect class="${ours ? "ours" : "peer"}" x="${NAMES}" y="${at}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`,
        `<text x="${(NAMES + length + 6).toFixed(1)}" y="${at + BAR - 4}">${escape(number(value))} ${escape(unit)}</text>`,
      );
    }
    const bottom = top + bars.length * STEP;
    parts.push(`<line class="axis" x1="${NAMES}" y1="${top - 4}" x2="${NAMES}" y2="${bottom - 2}"/>`);
    y = bottom + 14;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${escape(label)}">
<style>${STYLE}
</style>
${parts.join("\n")}
</svg>
`;
}

const number = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value >= 100 ? 0 : value >= 10 ? 1 : 2 });
