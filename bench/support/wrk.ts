import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Requests of which each is sent in turn. */
export interface ManyRequests {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly requests: readonly OneRequest[];
  readonly status: number;
  /** What every answer must contain. */
  readonly expected: string;
}

/** With a body it is a POST of JSON, and a GET without. */
export interface OneRequest {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const MICROSECONDS: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000 };

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

function requestOf(common: Record<string, string>, { headers = {}, body }: OneRequest): string {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const named = Object.entries({ ...type, ...common, ...headers });
  const table = named.map(([name, value]) => `[${quoted(name)}] = ${quoted(value)}`).join(', ');
  return `{ "${body === undefined ? 'GET' : 'POST'}", { ${table} }, ${body === undefined ? 'nil' : quoted(body)} }`;
}

function scriptOf({ headers, requests, status, expected }: ManyRequests): string {
  return `
    local given = { ${requests.map((request) => requestOf(headers, request)).join(',\n')} }
    local requests = {}
    local turn = 0
    function init(args)
      for index, one in ipairs(given) do requests[index] = wrk.format(one[1], nil, one[2], one[3]) end
    end
    function request()
      turn = turn % #requests + 1
      return requests[turn]
    end
    local seen = 0
    function response(status, headers, body)
      seen = seen + 1
      if status ~= ${status} or (seen % 100 == 1 and not body:find(${quoted(expected)}, 1, true)) then
        print("WRONG " .. status .. " " .. body)
        wrk.thread:stop()
      end
    end`;
}

export interface Measured {
  readonly perSecond: number;
  /** 99 of 100 answers come within it. */
  readonly p99Ms: number;
}

/** By wrk, which costs the machine less than what it measures. @throws Error when an answer is not what was expected */
export async function measure(load: ManyRequests, connections: number, seconds: number): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'keyward-wrk-'));
  try {
    const script = join(directory, 'load.lua');
    await writeFile(script, scriptOf(load));
    const args = ['--latency', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, load.url];
    const { stdout } = await promisify(execFile)('wrk', args);
    const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
    const [, p99, unit = ''] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
    if (!(perSecond > 0) || /WRONG|Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
    return { perSecond, p99Ms: (Number(p99) * (MICROSECONDS[unit] ?? Number.NaN)) / 1000 };
  } finally {
    await rm(directory, { recursive: true });
  }
}
