import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abort, approve, ask, loseNamespace, planOf } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

const restore = (...more: string[]) => ['restore', 'namespace', NAMESPACE, ...more];

describe.skipIf(!canTravel)('the options of dr restore namespace', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    world.startBot();
    await loseNamespace(world);
  });
  afterAll(() => world.close());

  test('two requests for one namespace name each other', async () => {
    const first = await ask(world);
    await planOf(world, first);
    const { text } = await world.inside.type(restore());
    expect(text).toMatch(new RegExp(`Run ${first} for the same namespace is waiting for approval too, asked for by `));
    expect(text).toContain(`dr abort ${first}`);
    const second = /^Run ([a-z0-9]{6}):/m.exec(text)?.[1] ?? '';
    expect((await world.inside.type(['status', first])).text).toContain(`Run ${second} for the same namespace is `);
    await abort(world, first);
    await abort(world, second);
    expect((await world.inside.type(['status', first])).text).not.toContain('for the same namespace');
  });

  test('--wait and --no-wait together: refused, and nothing is begun', async () => {
    const before = await world.ledger.recent(100);
    for (const both of [
      ['--wait', '--no-wait'],
      ['--no-wait', '--wait'],
    ])
      expect(await world.dr(restore(...both))).toEqual({
        code: 2,
        text: '--wait and --no-wait contradict each other.\nNext: Give one of them, or neither: then a terminal waits, and a pipe does not.\n',
      });
    expect(await world.ledger.recent(100)).toEqual(before);
  });

  test('a dry run names no run; with --manifest the JSON stays alone and its cautions go to stderr', async () => {
    const dry = await world.inside.type(restore('--dry-run'));
    expect(dry.text).toContain(
      `Can be done, once approved: Restore a namespace, ${NAMESPACE} on cluster sandbox (dry run)`,
    );
    expect(dry.text).not.toMatch(/\(run [a-z0-9]{6}\)/);
    let stdout = '';
    const { code, text } = await world.dr(restore('--dry-run', '--manifest'), {
      onStart: (child) => child.stdout?.on('data', (chunk) => (stdout += String(chunk))),
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Restore', spec: { includedNamespaces: [NAMESPACE] } });
    expect(text).toMatch(/From backup daily-full-backup-\d{14}: everything written in the last /);
  });

  test('the newer backup that was passed over is named with its age and what it lacks', async () => {
    const { text } = await world.inside.type(restore('--dry-run'));
    expect(text).toMatch(
      /Newer, but not used: hourly-incremental-\d{14}, 3\d min old, has no Deployments \(only configmaps, secrets, .*\); and 8 more like it\./,
    );
  });

  test.each([
    [['--from', 'daily-*'], 'wildcards are not accepted; name exactly one'],
    [['--into', 'data-*'], 'wildcards are not accepted; one namespace a run'],
    [['--since', '25:00'], '--since "25:00" must have an hour from 00 to 23 at character 1, such as 03:04'],
    [['--since', '2999-01-01T00:00:00Z'], 'must have passed: it is '],
  ])('%j is not understood, and says where and what to do', async (options, sentence) => {
    const { code, text } = await world.dr(restore(...options));
    expect(text).toContain(sentence);
    expect(code).toBe(2);
  });

  test('a backup that is not there is answered with those near to it and the newest that can', async () => {
    const { text } = await world.inside.type(restore('--dry-run', '--from', 'daily-full-backup-latest'));
    expect(text).toMatch(/There is no backup "daily-full-backup-latest"\. Near to it: daily-full-backup-\d{14}, /);
    expect(text).toMatch(/Next: The newest that can is daily-full-backup-\d{14}; leave --from out/);
  });

  test('the loss is measured from the disaster, in the plan and in the report; older backups only', async () => {
    const since = new Date(Date.now() - 5 * 60_000).toISOString().slice(0, 16);
    const run = await ask(world, restore('--since', `${since}Z`));
    const digest = await planOf(world, run);
    const shown = await world.inside.type(['status', run]);
    expect(shown.text).toContain(
      `before the disaster at ${since}:00Z, and after it, is lost (OVER the 60 min target).`,
    );
    const { code, text } = await approve(world, run, digest, '--wait');
    expect(code).toBe(0);
    expect(text).toMatch(new RegExp(`Data is as of .* before the disaster at ${since}:00Z \\(OVER 60 min\\)\\.`));
    expect(text).toMatch(/objects restored: \d+ created, \d+ left as (it was|they were): \w+\//);

    const older = new Date(Date.now() - 30 * 60 * 60_000).toISOString();
    const early = await world.inside.type([...restore('--dry-run', '--since', older)]);
    expect(early.text).toContain('began after the disaster');
  });

  test('right after a recovery there is nothing to create: old endpoints are not said to be', async () => {
    const { text } = await world.inside.type(restore('--dry-run'));
    expect(text).toMatch(
      /a restore would change nothing|Creates nothing: all else that the backup holds exists already\./,
    );
    expect(text).not.toMatch(/Creates .*(EndpointSlice|Endpoints)/);
  });
});
