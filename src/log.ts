import { type DestinationStream, type Logger, pino } from 'pino';
import { doingForLog } from './watching/current.ts';
import { Samples } from './watching/samples.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Every line names the request, or the run in the background, that it is about. Errors are logged by an allow-list: type,
 * code and stack frames. Their messages may quote what a caller sent or what a row holds, so they stay out.
 * @param destination the standard output unless another is given
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: doingForLog,
    serializers: { err: errorSerializer() },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

const MOST_FRAMES = 12;

/** Where an error came from is told once a minute for each kind, however many requests fail of it: every one has its line. */
function errorSerializer(): (error: unknown) => Record<string, unknown> {
  const samples = new Samples();
  return (error) => {
    if (!(error instanceof Error)) return { type: typeof error };
    const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    const frames = lines.slice(0, MOST_FRAMES).map((line) => line.trim());
    const code = 'code' in error ? error.code : undefined;
    const constraint = 'constraint' in error ? error.constraint : undefined;
    const told = { type: error.name, code, constraint };
    const sample = samples.take(`${error.name} ${String(code)} ${frames[0]}`);
    return sample === null ? told : { ...told, frames, ...sample };
  };
}
