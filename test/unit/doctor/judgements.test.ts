import { describe, expect, test } from 'vitest';
import {
  checks,
  type Finding,
  inOrder,
  isHealthy,
  nextCheck,
  notChecked,
  ok,
  problem,
  problemOf,
  warning,
} from '../../../src/doctor/finding.ts';
import { findingsJson, findingsText } from '../../../src/doctor/findings-text.ts';
import {
  judgeClock,
  judgeMissingLogin,
  judgeProtection,
  judgeServer,
  type ProtectionFacts,
  type ServerFacts,
} from '../../../src/doctor/judge-database.ts';
import { judgeQueue, judgeSchedule } from '../../../src/doctor/judge-jobs.ts';
import { judgeKeys, type KeyFacts } from '../../../src/doctor/judge-keys.ts';
import { judgeSettings, type SettingsFacts } from '../../../src/doctor/judge-settings.ts';

const statuses = (findings: readonly Finding[]) => findings.map(({ status }) => status);
const texts = (findings: readonly Finding[]) =>
  findings.map(({ message, advice }) => `${message} ${advice}`).join('\n');

describe('settings', () => {
  const good: SettingsFacts = {
    isExternal: true,
    publicUrl: 'https://keys.example.com',
    introspection: false,
    trustsProxies: true,
    hasCheckpointFile: true,
  };
  const cases: [string, Partial<SettingsFacts>, string | null][] = [
    ['as in production', {}, null],
    ['the built-in database, for trying out', { isExternal: false, publicUrl: 'http://localhost:4000' }, null],
    ['an address of this machine', { publicUrl: 'http://localhost:4000' }, 'KEYWARD_PUBLIC_URL'],
    ['an address without TLS', { publicUrl: 'http://keys.example.com' }, 'in the clear'],
    ['no trusted proxy', { trustsProxies: false }, 'KEYWARD_TRUSTED_PROXIES'],
    ['introspection', { introspection: true }, 'NODE_ENV=production'],
    ['no checkpoint file', { hasCheckpointFile: false }, 'KEYWARD_AUDIT_CHECKPOINT_FILE'],
  ];
  test.for(cases)('%s', ([, change, named]) => {
    const findings = judgeSettings({ ...good, ...change });
    expect(statuses(findings)).toEqual([named === null ? 'OK' : 'WARNING']);
    if (named !== null) expect(texts(findings)).toContain(named);
  });
});

describe('the database', () => {
  const good: ServerFacts = {
    version: '18.4',
    encoding: 'UTF8',
    isStandby: false,
    mostConnections: 97,
    connections: 12,
  };
  const cases: [string, Partial<ServerFacts>, string, string][] = [
    ['answers', {}, 'OK', '12 of 97'],
    ['is a standby', { isStandby: true }, 'PROBLEM', 'primary'],
    ['cannot hold every name', { encoding: 'LATIN1' }, 'PROBLEM', 'UTF8'],
    [
      'has as many connections as a server needs',
      { connections: 73 },
      'OK',
      '73 of 97 connections used; one server may open 24',
    ],
    ['has one too few', { connections: 74 }, 'WARNING', 'max_connections'],
  ];
  test.for(cases)('%s', ([, change, status, named]) => {
    const findings = judgeServer({ ...good, ...change }, 24);
    expect(statuses(findings)).toEqual([status]);
    expect(texts(findings)).toContain(named);
  });
});

describe('roles', () => {
  const good: ProtectionFacts = {
    isOwnerSuperuser: false,
    ownerMayMakeRoles: false,
    unprotectedTables: [],
    changeableHistory: [],
  };

  test('name the tables that are open, and the history that can be changed', () => {
    expect(judgeProtection(good)).toEqual([]);
    const findings = judgeProtection({ ...good, unprotectedTables: ['api_key'], changeableHistory: ['audit_link'] });
    expect(statuses(findings)).toEqual(['PROBLEM', 'PROBLEM']);
    expect(texts(findings)).toMatch(/api_key.*FORCE ROW LEVEL SECURITY[\s\S]*audit_link.*REVOKE/);
  });

  test('a login that is missing is made by a server whose owner may', () => {
    expect(judgeMissingLogin('app', { ...good, ownerMayMakeRoles: true }).status).toBe('OK');
    expect(judgeMissingLogin('app', { ...good, isOwnerSuperuser: true }).status).toBe('OK');
    expect(judgeMissingLogin('app', good)).toMatchObject({
      status: 'PROBLEM',
      message: expect.stringContaining('app'),
      advice: expect.stringContaining('CREATEROLE'),
    });
  });
});

describe('the clock', () => {
  test.for([
    [0, 1, 'OK'],
    [1000, 0, 'OK'],
    [-1000, 0, 'OK'],
    [1001, 0, 'WARNING'],
    [-1001, 0, 'WARNING'],
    [5000, 4000, 'OK'],
    [30_000, 0, 'WARNING'],
    [30_001, 0, 'PROBLEM'],
    [-86_400_000, 20, 'PROBLEM'],
  ] as const)('%i ms off, known to %i ms, is %s', ([aheadMs, uncertaintyMs, status]) => {
    expect(judgeClock({ aheadMs, uncertaintyMs }).status).toBe(status);
  });

  test('says which of the two is ahead', () => {
    expect(judgeClock({ aheadMs: 2500, uncertaintyMs: 1 }).message).toContain('2.5 s ahead of');
    expect(judgeClock({ aheadMs: -2500, uncertaintyMs: 1 }).message).toContain('2.5 s behind');
  });
});

describe('keys', () => {
  const good: KeyFacts = {
    hasKey: true,
    hasPreviousKey: false,
    opened: 5,
    openedByPrevious: 0,
    foreign: 0,
    foreignKeys: 0,
    broken: [],
  };
  const cases: [string, Partial<KeyFacts>, string[], string][] = [
    ['all open', {}, ['OK'], 'all 5'],
    ['nothing is wrapped yet', { opened: 0 }, ['OK'], 'nothing is wrapped'],
    [
      'no key at all',
      { hasKey: false, opened: 0, foreign: 5, foreignKeys: 1 },
      ['PROBLEM'],
      'KEYWARD_KEY_ENCRYPTION_KEY',
    ],
    ['of another key', { opened: 1, foreign: 4, foreignKeys: 1 }, ['PROBLEM'], '4 of 5'],
    ['of two other keys', { opened: 1, foreign: 4, foreignKeys: 2 }, ['PROBLEM'], '2 other key'],
    ['changed by hand', { opened: 4, broken: ['data key 7'] }, ['PROBLEM'], 'data key 7'],
    ['both', { opened: 3, foreign: 1, foreignKeys: 1, broken: ['x'] }, ['PROBLEM', 'PROBLEM'], '1 of 5'],
    ['a rotation is to come', { hasPreviousKey: true, openedByPrevious: 2 }, ['WARNING'], 'secrets rotate'],
    ['a rotation is over', { hasPreviousKey: true }, ['WARNING'], 'Remove KEYWARD_PREVIOUS'],
  ];
  test.for(cases)('%s', ([, change, expected, named]) => {
    const findings = judgeKeys({ ...good, ...change });
    expect(statuses(findings)).toEqual(expected);
    expect(texts(findings)).toContain(named);
  });
});

describe('jobs', () => {
  test('wait for a minute at most', () => {
    expect(judgeQueue({ waiting: 0, oldestSeconds: null, failedTasks: [] }).map(({ status }) => status)).toEqual([
      'OK',
    ]);
    expect(statuses(judgeQueue({ waiting: 9, oldestSeconds: 60, failedTasks: [] }))).toEqual(['OK']);
    const late = judgeQueue({ waiting: 9, oldestSeconds: 61, failedTasks: [] });
    expect(statuses(late)).toEqual(['PROBLEM']);
    expect(texts(late)).toMatch(/9 jobs wait, the oldest for 61 s.*worker/);
  });

  test('that gave up are named once', () => {
    const findings = judgeQueue({ waiting: 0, oldestSeconds: null, failedTasks: ['a', 'b', 'a'] });
    expect(statuses(findings)).toEqual(['WARNING']);
    expect(texts(findings)).toContain('3 jobs gave up: a, b.');
  });

  const job = (queuedSeconds: number | null, isFailing = false) => ({
    name: `job_${queuedSeconds}`,
    queuedSeconds,
    isFailing,
  });
  test.for([
    ['none is known', [], false, ['OK']],
    ['they run', [job(3), job(59)], true, ['OK']],
    ['one of them is running for long', [job(3), job(4000)], true, ['OK']],
    ['servers are there, and none takes them', [job(181), job(4000)], true, ['PROBLEM']],
    ['no server is there', [job(181), job(4000)], false, ['WARNING']],
    ['a server has just begun', [job(null)], true, ['OK']],
    ['one of them is new', [job(null), job(4000)], true, ['PROBLEM']],
    ['one fails', [job(3, true), job(4)], true, ['PROBLEM']],
  ] as const)('of each minute: %s', ([, jobs, isServed, expected]) => {
    expect(statuses(judgeSchedule({ jobs, isServed }))).toEqual(expected);
  });
});

describe('findings', () => {
  test('of a refusal to start say what is wrong and what to do', () => {
    expect(
      problemOf('database', 'Cannot reach PostgreSQL at ::1:5432 (ECONNREFUSED): start it, or correct the address.'),
    ).toEqual(
      problem('database', 'Cannot reach PostgreSQL at ::1:5432 (ECONNREFUSED).', 'Start it, or correct the address.'),
    );
    expect(problemOf('keys', 'It is so.')).toMatchObject({ message: 'It is so.', advice: expect.stringMatching(/./) });
  });

  test('are healthy with warnings, and not with one problem', () => {
    expect(isHealthy([ok('clock', 'a'), warning('keys', 'b', 'c')])).toBe(true);
    expect(isHealthy([ok('clock', 'a'), problem('keys', 'b', 'c')])).toBe(false);
  });

  test('are complete and in order', () => {
    const some = [ok('clock', 'a'), ok('configuration', 'b')];
    const all = inOrder([...some, ...notChecked(some, 'why')]);
    expect(all.map(({ check }) => check)).toEqual(checks);
    expect(nextCheck([ok('configuration', 'a')])).toBe('database');
  });

  test('have a line each, what to do beneath, and the same in JSON', () => {
    const findings = [ok('clock', 'Right.'), problem('keys', 'Wrong.', 'Mend it.')];
    expect(findingsText(findings).split('\n')).toEqual([
      'ok          clock          Right.',
      'PROBLEM     keys           Wrong.',
      '                           → Mend it.',
      '',
      'Problems: 1.',
      '',
    ]);
    expect(JSON.parse(findingsJson(findings))).toEqual({ healthy: false, findings });
  });
});
