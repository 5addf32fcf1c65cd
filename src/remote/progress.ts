import { SingleBar } from 'cli-progress';

export interface Progress {
  show(done: number): void;
  end(): void;
}

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** A bar on a terminal; elsewhere nothing: what is written there is to be read by programs. It goes to stderr. */
export function showProgress(what: string, total: number, stream: Stream = process.stderr): Progress {
  if (stream.isTTY !== true) return { show: () => undefined, end: () => undefined };
  const bar = new SingleBar({
    format: total > 0 ? `${what} {bar} {percentage}% | {value}/{total} | {eta_formatted}` : `${what} {value}`,
    stream,
    hideCursor: true,
  });
  bar.start(total, 0);
  return { show: (done) => bar.update(done), end: () => bar.stop() };
}
