import { type Diagnosis, ok, red, unchecked, warning } from './diagnosis.ts';

/** What a Redis that holds the record of runs must be set to; deploy/redis has it so. */

/** Conditional appends by EVAL and streams need 5; `SET ... GET` and the rest are proven from here on. */
const OLDEST = { major: 6, minor: 2 };

export function judgeRedisServer(
  line: string,
  facts: { version: string | undefined; role: string | undefined; installation: string | undefined },
): Diagnosis {
  const { version, role, installation } = facts;
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? [];
  const whose = installation === undefined ? 'no installation has used it yet' : `installation ${installation}`;
  if (role !== undefined && role !== 'master')
    return red(line, `it is a ${role}, which takes no writes`, 'Point REDIS_URL at the primary, or at its Sentinels.');
  if (version === undefined) return unchecked(line, `it answers, but does not tell its version; ${whose}`);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    const oldest = `${OLDEST.major}.${OLDEST.minor}`;
    return red(line, `version ${version} is older than ${oldest}`, `Upgrade Redis to ${oldest} or newer.`);
  }
  return ok(line, `version ${version}; ${whose}`);
}

export function judgeEviction(line: string, policy: string | undefined): Diagnosis {
  if (policy === 'noeviction') return ok(line, 'maxmemory-policy noeviction');
  const remedy = 'Set it: redis-cli config set maxmemory-policy noeviction; and in redis.conf, so that it stays.';
  if (policy === undefined) return unchecked(line, 'Redis does not tell its maxmemory-policy', remedy);
  return red(line, `maxmemory-policy is ${policy}: when memory is short, Redis throws away the record of runs`, remedy);
}

export function judgeDurability(
  line: string,
  { appendonly, appendfsync }: { appendonly: boolean | undefined; appendfsync: string | undefined },
): Diagnosis {
  const remedy =
    'Set them: redis-cli config set appendonly yes, config set appendfsync always; and in redis.conf, so that they stay.';
  if (appendonly === false)
    return red(line, 'appendonly is no: a restart of Redis forgets every run since its last snapshot', remedy);
  if (appendfsync !== undefined && appendfsync !== 'always')
    return red(line, `appendfsync is ${appendfsync}: what was answered as recorded may be lost in a crash`, remedy);
  if (appendonly === undefined || appendfsync === undefined) {
    const untold = appendonly === undefined ? 'appendonly and appendfsync' : 'appendfsync';
    return unchecked(line, `Redis does not tell its ${untold}`, remedy);
  }
  return ok(line, 'appendonly yes, appendfsync always');
}

export function judgePersistence(
  line: string,
  facts: { loading: boolean | undefined; lastWrite: string | undefined; lastRewrite: string | undefined },
): Diagnosis {
  const { loading, lastWrite, lastRewrite } = facts;
  if (loading === true) return red(line, 'Redis is loading its file and takes no writes', 'Wait until it has loaded.');
  const remedy = 'Give its disk space, and read its log: redis-cli info persistence';
  if (lastWrite !== undefined && lastWrite !== 'ok')
    return red(line, `the last write to the append-only file: ${lastWrite}`, remedy);
  if (lastWrite === undefined || loading === undefined)
    return unchecked(line, 'Redis does not tell how its last write to disk went');
  if (lastRewrite !== undefined && lastRewrite !== 'ok')
    return warning(line, `the last rewrite of the append-only file: ${lastRewrite}, so it only grows`, remedy);
  return ok(line, 'the last write to disk went well');
}
