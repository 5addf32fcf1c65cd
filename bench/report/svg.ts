export const WIDTH = 720;

export interface Text {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly className?: 'title' | 'note' | 'strong';
}

// Colours that keep their contrast on white and on the dark grey of either theme.
const style = `text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: 600 } .strong { font-weight: 600 } .note { fill: #57606a; font-size: 12px }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .s0 { --c: #0969da } .s1 { --c: #bc4c00 } .s2 { --c: #1a7f37 } .s3 { --c: #8250df }
  .bar, .dot { fill: var(--c) } .line { stroke: var(--c); stroke-width: 2; fill: none } .dashed { stroke-dasharray: 5 4; stroke-width: 1.5 } .name { fill: var(--c); font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note { fill: #9198a1 } .grid { stroke: #3d444d }
    .s0 { --c: #4493f8 } .s1 { --c: #f0883e } .s2 { --c: #3fb950 } .s3 { --c: #ab7df8 }
  }`;

export const escapeText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
export const round = (value: number) => String(Math.round(value * 10) / 10);

export function svgText({ x, y, text, anchor = 'start', className }: Text): string {
  const named = className === undefined ? '' : ` class="${className}"`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${named}>${escapeText(text)}</text>`;
}

/** A picture with its title, which is also what it says to those who do not see it. */
export function svg(title: string, height: number, parts: readonly string[]): string {
  const head = svgText({ x: 0, y: 18, text: title, className: 'title' });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeText(title)}">
<style>${style}</style>
${[head, ...parts].join('\n')}
</svg>
`;
}
