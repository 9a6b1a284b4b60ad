import { expect, test } from 'vitest';
import { unlessBusy } from '../../src/engine/unless-busy.ts';

test('eight may ask at once; whoever is told, or fails, makes room', async () => {
  const pending: PromiseWithResolvers<string>[] = [];
  const ask = unlessBusy((_about: number) => {
    const asked = Promise.withResolvers<string>();
    pending.push(asked);
    return asked.promise;
  });
  const asked = Array.from({ length: 8 }, (_, at) => ask(at));
  expect(ask(8)).toBe('busy');
  pending[0]?.resolve('told');
  expect(await asked[0]).toBe('told');
  const ninth = ask(9);
  expect(ninth).not.toBe('busy');
  expect(ask(10)).toBe('busy');
  pending[1]?.reject(new Error('away'));
  await expect(asked[1]).rejects.toThrow('away');
  expect(ask(11)).not.toBe('busy');
  for (const { resolve } of pending) resolve('over');
});
