import { type Figure, isHeld } from '../support/figures.ts';
import { charts } from './charts.ts';
import { countTable, figureTable, missedLine, table } from './markdown.ts';

/** A benchmark that was run. */
export interface Outcome {
  readonly title: string;
  readonly command: string;
  readonly tookSeconds: number;
  /** Why it ended before its time; null: it did not. */
  readonly failure: string | null;
  readonly figures: readonly Figure[];
}

export interface Report {
  readonly markdown: string;
  /** By name of file. */
  readonly images: ReadonlyMap<string, string>;
}

/** The page and its pictures, of whatever was measured. @param machine what the figures hold for */
export function writeReport(machine: readonly (readonly [string, string])[], outcomes: readonly Outcome[]): Report {
  const figures = outcomes.flatMap((outcome) => outcome.figures);
  const drawn = charts.flatMap(({ name, title, draw }) => {
    const own = figures.filter(({ chart }) => chart === name);
    return own.length === 0 ? [] : [{ file: `bench-${name}.svg`, title, svg: draw(title, own) }];
  });
  const parts = [
    '# Benchmarks',
    `Written by \`npm run bench\`; [what each benchmark does, and why](../bench/README.md). Server, database and load share the
machine, so a rate says little elsewhere: the ratios count, for both sides of each were measured in turns in the same run.`,
    table(['', ''], machine),
    ...missed(outcomes),
    ...drawn.map(({ file, title }) => `![${title}](images/${file})`),
    ...outcomes.flatMap(section),
  ];
  return {
    markdown: `${parts.join('\n\n')}\n`,
    images: new Map(drawn.map(({ file, svg }) => [file, svg])),
  };
}

function missed(outcomes: readonly Outcome[]): string[] {
  const held = outcomes.flatMap(({ figures }) => figures.filter((figure) => isHeld(figure) === true)).length;
  const under = outcomes.flatMap(({ title, figures }) =>
    figures.filter((figure) => isHeld(figure) === false).map((figure) => missedLine(title, figure)),
  );
  const failures = outcomes.flatMap(({ title, failure }) =>
    failure === null ? [] : `- ${title}: **not measured to its end**: ${failure}`,
  );
  const lines = [...failures, ...under];
  return [
    '## Under aim',
    `${held} of ${held + under.length} aims are held.`,
    ...(lines.length > 0 ? [lines.join('\n')] : []),
  ];
}

function section({ title, command, tookSeconds, failure, figures }: Outcome): string[] {
  return [
    `## ${title}`,
    `\`${command}\`, ${tookSeconds.toFixed(0)} s`,
    ...(failure === null ? [] : [`**Failed**: ${failure}`]),
    ...tablesOf(figures),
  ];
}

function tablesOf(figures: readonly Figure[]): string[] {
  const counted = figures.filter(({ at }) => at !== undefined);
  const others = figures.filter(({ at }) => at === undefined);
  return [
    ...(counted.length === 0 ? [] : [countTable(counted)]),
    ...(others.length === 0 ? [] : [figureTable(others)]),
  ];
}
