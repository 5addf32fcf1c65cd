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

/** No function of Lua has room for the constants of many thousand requests. */
const REQUESTS_A_FUNCTION = 1000;

function givenIn(common: Record<string, string>, requests: readonly OneRequest[]): string {
  const parts: string[] = [];
  for (let at = 0; at < requests.length; at += REQUESTS_A_FUNCTION) {
    const some = requests.slice(at, at + REQUESTS_A_FUNCTION).map((request) => requestOf(common, request));
    parts.push(`add(function() return { ${some.join(',\n')} } end)`);
  }
  return parts.join('\n');
}

function scriptOf({ headers, requests, status, expected }: ManyRequests): string {
  return `
    local parts = {}
    local function add(part) parts[#parts + 1] = part end
    ${givenIn(headers, requests)}
    local requests = {}
    local turn = 0
    function init(args)
      for _, part in ipairs(parts) do
        for _, one in ipairs(part()) do requests[#requests + 1] = wrk.format(one[1], nil, one[2], one[3]) end
      end
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
  /** Half of the answers come within it. */
  readonly p50Ms: number;
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
    if (!(perSecond > 0) || /WRONG|Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
    return { perSecond, p50Ms: withinMs(stdout, 50), p99Ms: withinMs(stdout, 99) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function withinMs(stdout: string, percent: number): number {
  const [, value, unit = ''] = new RegExp(`\\s${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(stdout) ?? [];
  return (Number(value) * (MICROSECONDS[unit] ?? Number.NaN)) / 1000;
}
