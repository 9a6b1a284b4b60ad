/** Where Redis is, as both the ledger and the queue connect to it. */
export type RedisPlace =
  | { host: string; port: number; username?: string; password?: string; db: number; tls?: object }
  | { sentinels: { host: string; port: number }[]; name: string; password?: string; db: number };

/**
 * `redis://[user:password@]host[:port][/db]`, `rediss://...` for TLS, and
 * `redis+sentinel://[:password@]host:port,host:port/<master name>[/db]`.
 * @throws TypeError for anything else
 */
export function parseRedisUrl(text: string): RedisPlace {
  if (text.startsWith('redis+sentinel://')) return parseSentinelUrl(text);
  const url = new URL(text);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw new TypeError(`Not a Redis URL: ${url.protocol}//...`);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

function parseSentinelUrl(text: string): RedisPlace {
  const match = /^redis\+sentinel:\/\/(?::([^@]*)@)?([^/]+)\/([^/]+)(?:\/(\d+))?$/.exec(text);
  const [, password, hosts, name, db] = match ?? [];
  if (hosts === undefined || name === undefined) {
    throw new TypeError('A sentinel URL is redis+sentinel://host:port,host:port/<master name>[/db]');
  }
  const sentinels = hosts.split(',').map((place) => {
    const [host, port] = place.split(':');
    return { host: host ?? '', port: Number(port ?? 26379) };
  });
  return {
    sentinels,
    name,
    db: Number(db ?? 0),
    ...(password === undefined ? {} : { password: decodeURIComponent(password) }),
  };
}

/** The host whose loss is the ledger's loss. */
export function redisHost(place: RedisPlace): string {
  return 'host' in place ? place.host : (place.sentinels[0]?.host ?? '');
}
