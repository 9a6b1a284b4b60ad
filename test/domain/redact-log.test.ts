import { describe, expect, test } from 'vitest';
import { logFile, tailOf } from '../../src/domain/log-file.ts';
import { redactLog } from '../../src/domain/redact-log.ts';

describe('redactLog', () => {
  test.each([
    ['password=hunter2 next', 'hunter2', 'password=[redacted] next'],
    ['"db_password": "hunter 2", "user": "web"', 'hunter 2', '"db_password": [redacted], "user": "web"'],
    ['AWS_SECRET_ACCESS_KEY: abc/def+1', 'abc/def', 'AWS_SECRET_ACCESS_KEY: [redacted]'],
    ['apiKey=k-1&x=2', 'k-1', 'apiKey=[redacted]&x=2'],
    ['Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz', 'Authorization: [redacted]'],
    ['postgres://web:hunter2@db:5432/x', 'hunter2', 'postgres://web:[redacted]@db:5432/x'],
    ['redis://:hunter2@redis:6379', 'hunter2', 'redis://:[redacted]@redis:6379'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl end', 'eyJhbGci', 'jwt [redacted] end'],
    ['key AKIAIOSFODNN7EXAMPLE end', 'AKIAIOSFODNN7EXAMPLE', 'key [redacted] end'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123 end', 'ghp_abc', '[redacted] end'],
    ['GET /b?X-Amz-Signature=abcdef&x=1', 'abcdef', 'GET /b?X-Amz-Signature=[redacted]&x=1'],
    ['bot xoxb-1-2-abc', 'xoxb-1', 'bot [redacted]'],
    ['Bearer abc.def-ghi', 'abc.def', '[redacted]'],
  ])('%s', (text, secret, clean) => {
    expect(redactLog(text)).toBe(clean);
    expect(redactLog(text)).not.toContain(secret);
  });

  test('a private key goes whole, also where its end is not there', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIabc\ndef\n';
    expect(redactLog(`a\n${key}-----END RSA PRIVATE KEY-----\nb`)).toBe('a\n[redacted private key]\nb');
    expect(redactLog(`a\n${key}`)).toBe('a\n[redacted private key]');
  });

  test('control characters go, so that no log writes over what is read; lines and tabs stay', () => {
    expect(redactLog('\u001b[2J\u001b[31mred\u001b[0m\r\nnext\ttab\u0007\u202e')).toBe('red\nnext\ttab');
  });

  test('what is no secret stays', () => {
    const plain = 'level=info msg="Backed up a total of 12 items" backup=velero/daily-1 token bucket full';
    expect(redactLog(plain)).toBe(plain);
  });

  test('a megabyte of one line takes no time to speak of', () => {
    const from = performance.now();
    redactLog('a'.repeat(1_000_000));
    redactLog('password'.repeat(100_000));
    redactLog('eyJ'.repeat(300_000));
    redactLog('http://'.repeat(100_000));
    redactLog('eyJ-'.repeat(200_000));
    redactLog('secret="'.repeat(100_000));
    redactLog('-----BEGIN PRIVATE KEY'.repeat(30_000));
    expect(performance.now() - from).toBeLessThan(5_000);
  });
});

describe('a log as a file', () => {
  test('the tail, and how many lines came before it', () => {
    expect(tailOf('a\nb\nc\n', 2)).toEqual({ lines: ['b', 'c'], left: 1 });
    expect(tailOf('a', 2)).toEqual({ lines: ['a'], left: 0 });
  });

  test('its name is one, and it is cut from the front', () => {
    const file = logFile('../../etc/web', 'Web', ['x'.repeat(1_000_000), 'last']);
    expect(file.name).toBe('..-..-etc-web.log');
    expect(file.content.length).toBeLessThan(901_000);
    expect(file.content).toMatch(/^… cut …\nx+\nlast$/);
  });
});
