// All benchmarks, one after the other, and the report of them in docs/. With names, such as `node bench/run.ts list verify`,
// only those, and a report only where BENCH_REPORT says.
import { describeMachine } from './report/machine.ts';
import { writeReport } from './report/report.ts';
import { keepReport, REPORT_FOLDER, runBenchmarks } from './report/run-benchmarks.ts';

const all = {
  list: 'The list of 50 organizations',
  security: 'What authentication and row-level security cost',
  regenerate: 'Regenerating a key',
  verify: 'Decisions for gateways',
  processes: 'Decisions by many processes',
  sync: 'One string in many organizations',
  import: 'Organizations from a file',
  growth: 'As the fleet grows',
  console: 'The console with 100,000 organizations',
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(all, name));
if (unknown.length > 0) throw new Error(`there is no benchmark ${unknown.join(', ')}`);
const chosen = Object.entries(all).filter(([name]) => names.length === 0 || names.includes(name));
const folder = process.env[REPORT_FOLDER] ?? (names.length === 0 ? 'docs' : undefined);

const machine = await describeMachine();
const outcomes = await runBenchmarks(chosen.map(([name, title]) => ({ title, file: `bench/${name}.ts` })));
if (folder !== undefined) await keepReport(folder, writeReport(machine, outcomes));
for (const { command, failure } of outcomes) {
  if (failure === null) continue;
  process.stderr.write(`${command}: ${failure}\n`);
  process.exitCode = 1;
}
