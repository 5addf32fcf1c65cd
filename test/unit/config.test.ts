import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { SetupError } from '../../src/setup-error.ts';

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof SetupError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

test.each([
  ['PORT', 'no-number'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://localhost/keyward'],
  ['DATABASE_URL', 'postgres://owner:word@localhost'],
  ['KEYWARD_KEY_ENCRYPTION_KEY', 'too-short'],
  ['KEYWARD_KEY_ENCRYPTION_KEY_FILE', '/no/such/file'],
  ['KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY', 'too-short'],
  ['KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY_FILE', '/no/such/file'],
  ['KEYWARD_PUBLIC_URL', 'not a url'],
  ['KEYWARD_LOG_LEVEL', 'loud'],
  ['KEYWARD_INTROSPECTION', 'sometimes'],
  ['KEYWARD_REQUESTS_PER_MINUTE', 'unlimited'],
  ['KEYWARD_API_LOGIN_CLOCK_SKEW_SECONDS', '500'],
  ['KEYWARD_METRICS_PORT', 'off'],
  ['KEYWARD_STOP_DELAY_SECONDS', '301'],
])('%s=%s is named, and its value is not repeated', (name, value) => {
  const message = refusal({ [name]: value });
  expect(message).toContain(name);
  expect(message).not.toContain(value);
  expect(message).not.toContain('\n');
});

test('a process that is told to stop goes on for a while in production, and elsewhere when it is said', () => {
  expect(readConfig({}).stopDelayMs).toBe(0);
  expect(readConfig({ NODE_ENV: 'production' }).stopDelayMs).toBe(5000);
  expect(readConfig({ NODE_ENV: 'production', KEYWARD_STOP_DELAY_SECONDS: '0' }).stopDelayMs).toBe(0);
  expect(readConfig({ KEYWARD_STOP_DELAY_SECONDS: '7' }).stopDelayMs).toBe(7000);
});

test('metrics are off unless a port is given, and then for this machine only', () => {
  expect(readConfig({}).metrics).toBeNull();
  expect(readConfig({ KEYWARD_METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
  expect(refusal({ KEYWARD_METRICS_PORT: '4000' })).toContain('KEYWARD_METRICS_PORT and PORT are the same');
});

test('traces are off unless there is somewhere to send them, and go where other programs send theirs', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318/';
  expect(readConfig({}).tracing).toBeNull();
  expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT }).tracing).toEqual({
    url: 'http://collector:4318/v1/traces',
    serviceName: 'keyward',
    ratio: 1,
  });
  const whole = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in', OTEL_TRACES_SAMPLER_ARG: '0.05' };
  expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT, ...whole }).tracing).toMatchObject({
    url: 'https://traces.example/in',
    ratio: 0.05,
  });
  expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' }).tracing).toBeNull();
  expect(refusal({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG: '5' })).toContain('OTEL_TRACES_SAMPLER_ARG');
});
