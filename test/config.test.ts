import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { listSecrets, loadConfig, VARIABLES } from '../src/config.ts';
import { DrError } from '../src/errors.ts';

const ROOT = join(import.meta.dirname, '..');

function refusal(env: Record<string, string>): DrError {
  try {
    loadConfig(env);
  } catch (thrown) {
    if (thrown instanceof DrError) return thrown;
    throw thrown;
  }
  throw new Error('the environment was taken');
}

test('an empty environment gives the defaults', () => {
  expect(loadConfig({})).toMatchObject({
    redisUrl: 'redis://127.0.0.1:6379',
    veleroNamespace: 'velero',
    slackApiUrl: 'https://slack.com/api/',
    host: '127.0.0.1',
    port: 3000,
    logLevel: 'info',
    statusUpdateMs: 900_000,
    runbooksDir: join(ROOT, 'runbooks'),
    kubeconfig: undefined,
    policyFile: undefined,
    slackBotToken: undefined,
  });
});

test('blank is unset, white space around a value is dropped, other variables are ignored', () => {
  const config = loadConfig({ POLICY_FILE: '  ', LOG_LEVEL: '', ALERT_WEBHOOK_TOKEN: 's3cret\n', HOME: '/root' });
  expect(config).toMatchObject({ policyFile: undefined, logLevel: 'info', alertWebhookToken: 's3cret' });
});

test('values come through typed', () => {
  const env = { PORT: '0', HOST: '::1', STATUS_UPDATE_MINUTES: '5', KUBECONFIG: '/a:/b', POD_NAMESPACE: 'muster' };
  expect(loadConfig(env)).toMatchObject({
    port: 0,
    host: '::1',
    statusUpdateMs: 300_000,
    kubeconfig: '/a:/b',
    podNamespace: 'muster',
  });
});

test.each([
  'redis://redis.muster.svc:6379/2',
  'rediss://user:p%40ss@redis:6380',
  'redis+sentinel://:p@a:26379,b:26379/mymaster/0',
])('takes REDIS_URL=%s', (url) => {
  expect(loadConfig({ REDIS_URL: url }).redisUrl).toBe(url);
});

test.each<[string, string, RegExp]>([
  ['SLACK_BOT_TOKEN', 'xapp-hunter2', /^SLACK_BOT_TOKEN must begin with xoxb-$/],
  ['SLACK_APP_TOKEN', 'xoxb-hunter2', /^SLACK_APP_TOKEN must begin with xapp-$/],
  ['SLACK_API_URL', 'hunter2', /^SLACK_API_URL must be an address/],
  ['PAGERDUTY_API_URL', 'ftp://hunter2', /^PAGERDUTY_API_URL must be an address/],
  ['PAGERDUTY_FROM_EMAIL', 'hunter2', /^PAGERDUTY_FROM_EMAIL must be the e-mail/],
  ['REDIS_URL', 'http://u:hunter2@h', /^REDIS_URL must be redis:/],
  ['REDIS_URL', 'redis://:hunter2#x@h', /^REDIS_URL must be redis:.*%XX$/],
  ['REDIS_URL', 'hunter2', /^REDIS_URL must be redis:/],
  ['POD_NAMESPACE', 'Hunter2', /^POD_NAMESPACE must be a namespace/],
  ['VELERO_NAMESPACE', 'hunter2*', /^VELERO_NAMESPACE must be a namespace/],
  ['HOST', 'hunter2 x', /^HOST must be an address/],
  ['PORT', '65536', /^PORT must be a port/],
  ['PORT', 'hunter2', /^PORT must be a port/],
  ['LOG_LEVEL', 'debgu', /^LOG_LEVEL must be one of fatal, .*; did you mean "debug"\?$/],
  ['LOG_LEVEL', 'hunter2', /^LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent$/],
  ['STATUS_UPDATE_MINUTES', '0', /^STATUS_UPDATE_MINUTES must be a whole number of minutes/],
  ['INCIDENT_GROUPING_MINUTES', '1.5', /^INCIDENT_GROUPING_MINUTES must be a whole number/],
])('refuses %s=%s without repeating the value', (name, value, message) => {
  const error = refusal({ [name]: value });
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toMatch(message);
  expect(`${error.message} ${error.action} ${JSON.stringify(error)}`).not.toContain('hunter2');
});

test.each<[Record<string, string>, RegExp]>([
  [{ SLACK_BOT_TOKEN: 'xoxb-hunter2' }, /^SLACK_SIGNING_SECRET is missing: SLACK_BOT_TOKEN is set, .*$/],
  [{ SLACK_BOT_TOKEN: 'xoxb-hunter2', SLACK_SIGNING_SECRET: ' ' }, /^SLACK_SIGNING_SECRET is missing/],
  [{ SLACK_SIGNING_SECRET: 'hunter2' }, /^SLACK_BOT_TOKEN is missing: SLACK_SIGNING_SECRET is set, .*$/],
  [{ SLACK_APP_TOKEN: 'xapp-hunter2' }, /^SLACK_BOT_TOKEN is missing: SLACK_APP_TOKEN is set, .*$/],
])('Slack comes whole: %j', (env, message) => {
  const error = refusal(env);
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('hunter2');
  expect(loadConfig({ ...env, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }).slackAppToken).toBe('xapp-1');
});

const PAGERDUTY = {
  PAGERDUTY_API_TOKEN: 'hunter2',
  PAGERDUTY_FROM_EMAIL: 'muster@example.com',
  PAGERDUTY_SERVICE_ID: 'PSVC',
};

test.each([
  [{ PAGERDUTY_API_TOKEN: 'hunter2' }, ['PAGERDUTY_FROM_EMAIL', 'PAGERDUTY_SERVICE_ID']],
  [{ PAGERDUTY_FROM_EMAIL: 'muster@example.com' }, ['PAGERDUTY_API_TOKEN', 'PAGERDUTY_SERVICE_ID']],
  [{ PAGERDUTY_SERVICE_ID: 'PSVC' }, ['PAGERDUTY_API_TOKEN', 'PAGERDUTY_FROM_EMAIL']],
  [{ ...PAGERDUTY, PAGERDUTY_FROM_EMAIL: ' ' }, ['PAGERDUTY_FROM_EMAIL']],
])("PagerDuty's REST API comes whole: %j", (env, missing) => {
  const error = refusal(env);
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message.split('\n')).toEqual(
    missing.map((name) => expect.stringMatching(`^${name} is missing: PAGERDUTY_[A-Z_]+ is set, `)),
  );
  expect(error.message).not.toContain('hunter2');
  expect(loadConfig({ ...env, ...PAGERDUTY }).pagerdutyServiceId).toBe('PSVC');
});

test('the way by events needs its key alone, and so do webhooks', () => {
  const config = loadConfig({ PAGERDUTY_ROUTING_KEY: 'key', PAGERDUTY_WEBHOOK_SECRET: 'secret' });
  expect(config).toMatchObject({ pagerdutyRoutingKey: 'key', pagerdutyApiToken: undefined });
});

test('half of Slack and half of PagerDuty are told together', () => {
  const error = refusal({ SLACK_BOT_TOKEN: 'xoxb-1', PAGERDUTY_SERVICE_ID: 'PSVC' });
  expect(error.message.split('\n').map((line) => line.split(' ')[0])).toEqual([
    'SLACK_SIGNING_SECRET',
    'PAGERDUTY_API_TOKEN',
    'PAGERDUTY_FROM_EMAIL',
  ]);
});

test('every problem is reported at once', () => {
  const error = refusal({ PORT: 'x', LOG_LEVEL: 'loud', REDIS_URL: 'y' });
  expect(error.message.split('\n').map((line) => line.split(' ')[0])).toEqual(['REDIS_URL', 'PORT', 'LOG_LEVEL']);
});

describe('listSecrets', () => {
  test('names every secret, the Redis password as written and as decoded', () => {
    const secrets = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 'signing',
      SLACK_APP_TOKEN: 'xapp-1',
      PAGERDUTY_API_TOKEN: 'pd-token',
      PAGERDUTY_ROUTING_KEY: 'pd-routing',
      PAGERDUTY_WEBHOOK_SECRET: 'pd-webhook',
      ALERT_WEBHOOK_TOKEN: 'alerts',
    };
    const config = loadConfig({ ...PAGERDUTY, ...secrets, REDIS_URL: 'redis://bot:p%40ss@redis:6379' });
    expect(listSecrets(config)).toEqual([...Object.values(secrets), 'p%40ss', 'p@ss']);
  });

  test('covers sentinels, and leaves out what is not there or too short to blot out', () => {
    expect(listSecrets(loadConfig({ REDIS_URL: 'redis+sentinel://:sesame@a:1,b:2/m' }))).toEqual(['sesame']);
    expect(listSecrets(loadConfig({ REDIS_URL: 'redis://:abc@h' }))).toEqual([]);
    expect(listSecrets(loadConfig({}))).toEqual([]);
  });

  test('no variable that sounds secret is forgotten', () => {
    const names = VARIABLES.filter((name) => /TOKEN|SECRET|ROUTING_KEY|PASSWORD/.test(name));
    const prefix: Record<string, string> = { SLACK_BOT_TOKEN: 'xoxb-', SLACK_APP_TOKEN: 'xapp-' };
    const env = Object.fromEntries(names.map((name) => [name, `${prefix[name] ?? ''}${name}`]));
    expect(listSecrets(loadConfig({ ...PAGERDUTY, ...env })).sort()).toEqual(Object.values(env).sort());
  });
});

describe('.env.example', () => {
  test('lists exactly the variables there are, each after one line of explanation', async () => {
    const lines = (await readFile(join(ROOT, '.env.example'), 'utf8')).split('\n');
    const listed = lines.flatMap((line, index) =>
      /^[A-Z_]+=/.test(line) ? [{ name: line.split('=')[0], above: lines[index - 1] }] : [],
    );
    expect(listed.map(({ name }) => name).sort()).toEqual([...VARIABLES].sort());
    for (const { name, above } of listed) expect(above, name).toMatch(/^# [A-Z].*[.]$/);
  });

  test('holds the defaults', async () => {
    const env = parseEnv(await readFile(join(ROOT, '.env.example'), 'utf8'));
    expect(loadConfig(env)).toEqual(loadConfig({}));
  });
});
