import { describe, expect, test } from 'vitest';
import { judgeDurability, judgeEviction, judgePersistence, judgeRedisServer } from '../../src/domain/judge-redis.ts';

const SERVER = { version: '7.0.15', role: 'master', installation: 'abc' };

describe('a Redis', () => {
  test.each([
    [{}, 'ok', 'version 7.0.15; installation abc'],
    [{ installation: undefined }, 'ok', 'no installation has used it yet'],
    [{ version: '6.2.0' }, 'ok', 'version 6.2.0'],
    [{ version: '6.0.16' }, 'red', 'older than 6.2'],
    [{ version: undefined }, 'unchecked', 'does not tell its version'],
    [{ role: 'slave' }, 'red', 'takes no writes'],
  ])('%j', (facts, verdict, sentence) => {
    const { verdict: told, detail } = judgeRedisServer('redis', { ...SERVER, ...facts });
    expect([told, detail]).toEqual([verdict, expect.stringContaining(sentence)]);
  });

  test('what it does not tell is unchecked, never ok', () => {
    expect(judgeEviction('e', undefined).verdict).toBe('unchecked');
    expect(judgeDurability('d', { appendonly: undefined, appendfsync: undefined }).verdict).toBe('unchecked');
    expect(judgeDurability('d', { appendonly: true, appendfsync: undefined }).verdict).toBe('unchecked');
    expect(judgePersistence('p', { loading: undefined, lastWrite: undefined, lastRewrite: undefined }).verdict).toBe(
      'unchecked',
    );
  });

  test.each([
    [{ loading: true, lastWrite: 'ok', lastRewrite: 'ok' }, 'red', 'loading its file'],
    [{ loading: false, lastWrite: 'err', lastRewrite: 'ok' }, 'red', 'the last write'],
    [{ loading: false, lastWrite: 'ok', lastRewrite: 'err' }, 'warning', 'only grows'],
    [{ loading: false, lastWrite: 'ok', lastRewrite: 'ok' }, 'ok', 'went well'],
  ])('persistence: %j', (facts, verdict, sentence) => {
    const { verdict: told, detail, remedy } = judgePersistence('p', facts);
    expect([told, detail]).toEqual([verdict, expect.stringContaining(sentence)]);
    expect(remedy === undefined).toBe(verdict === 'ok');
  });
});
