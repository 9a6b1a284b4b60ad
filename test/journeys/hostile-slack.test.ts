import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { escapeMarkup } from '../../src/domain/slack-markup.ts';
import { goInSlack, type InSlack } from './in-slack.ts';
import { abort, ask, loseNamespace, planOf } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-hostile-'));
const CANARY = join(folder, 'canary');
const restore = `restore namespace ${NAMESPACE}`;

/** As a person types it; Slack escapes it on its way. */
const TYPED = [
  // Shells
  `${restore}; touch ${CANARY}`,
  `${restore} && touch ${CANARY}`,
  `${restore} | touch ${CANARY}`,
  `${restore} > ${CANARY}`,
  `${restore} < /etc/passwd`,
  `restore namespace $(touch ${CANARY})`,
  `restore namespace \`touch ${CANARY}\``,
  `restore namespace \`\`\`${NAMESPACE}\`\`\``,
  `${restore} --from=$(touch ${CANARY})`,
  `${restore} --from=\`touch ${CANARY}\``,
  `${restore} --from='; touch ${CANARY}'`,
  `${restore} --cluster=$(touch ${CANARY})`,
  `${restore}\ntouch ${CANARY}`,
  `${restore}\r\nabort --all`,
  'restore namespace ${IFS}',
  'restore namespace %24(id)',
  'restore namespace {{7*7}}',
  'restore namespace ${7*7}',
  'restore namespace %s%s%n',
  // Globs and paths
  'restore namespace *',
  'restore namespace data-*',
  'restore namespace data-processin?',
  'restore namespace [d]ata-processing',
  'restore namespace {data-processing,velero}',
  'restore namespace ../velero',
  'restore namespace data-processing/../../velero',
  'restore namespace ..%2fvelero',
  'restore namespace /',
  `${restore} --from ../../../etc/passwd`,
  `${restore} --from daily-*`,
  `${restore} --into ../velero`,
  `${restore} --into *`,
  `${restore} --into kube-system`,
  `${restore} --into velero`,
  `${restore} --into ""`,
  // What belongs to others
  'restore namespace velero',
  'restore namespace kube-system',
  'restore namespace default',
  `${restore} --cluster prod`,
  `${restore} --cluster __proto__`,
  `${restore} --cluster ../sandbox`,
  // JSON, YAML and prototypes
  '{"command":"restore","namespace":"data-processing"}',
  '{"text": "approve", "user_id": "U0LEAD"}',
  'restore namespace {"name":"data-processing"}',
  'restore namespace "{\\"$ne\\": null}"',
  `restore namespace --namespace ${NAMESPACE}`,
  `${restore} --__proto__ x`,
  `${restore} --constructor`,
  '__proto__',
  'constructor',
  'help __proto__',
  'toString valueOf',
  // Unicode
  'restore namespace dаta-processing',
  'restore namespace ｄａｔａ-processing',
  'restore namespace data‑processing',
  'restore namespace data—processing',
  'restore namespace 数据处理',
  'restore namespace 🔥',
  'restore namespace e\u0301',
  'restore namespace \ud800',
  'restore namespace \u202egnissecorp-atad',
  'restore namespace \u2066data-processing\u2069',
  'restore namespace \u0000data-processing',
  'restore namespace \u001b[2Jdata-processing',
  'restore namespace \u0085data-processing',
  '\u200b\u200b\u200bdeclare\u200b',
  'restore\u200b\u2060namespace data-processing',
  'RESTORE NAMESPACE DATA-PROCESSING',
  // Quotes
  `restore namespace "${NAMESPACE}`,
  `restore namespace “${NAMESPACE}`,
  `restore namespace ‘${NAMESPACE}`,
  `restore namespace «${NAMESPACE}`,
  `restore namespace "${NAMESPACE}"x`,
  `${restore} --from "`,
  `${restore} --from=""`,
  'restore namespace "data processing"',
  'restore namespace "\\',
  // Size and options
  `restore namespace ${'a'.repeat(64)}`,
  `restore namespace ${'a'.repeat(1_900)}`,
  `${restore} ${'x '.repeat(3_000)}`,
  'x'.repeat(100_000),
  '<'.repeat(50_000),
  '&'.repeat(50_000),
  `${restore} --dry-run=false`,
  `${restore} --yes --force`,
  `${restore} -y`,
  `${restore} -- --from x`,
  `${restore} --from a --from`,
  `${restore} --since tomorrow`,
  'runs --limit -1',
  'runs --limit 99999999999999999999',
  'status ../../etc/passwd',
  'status *',
  'status run-1:{muster}',
  'abort {muster}:installation',
  'retry __proto__',
  'reject * --reason x',
  'delete namespace velero',
  'dr',
  '/dr help',
];

/** As Slack delivers it: markup that Slack made, or that somebody says it made. */
const DELIVERED = [
  'restore namespace <@U0LEAD>',
  'restore namespace <@U0LEAD|data-processing>',
  'restore namespace <#C0123|data-processing>',
  'restore namespace <!channel>',
  'restore namespace <!here|data-processing>',
  'restore namespace <!subteam^S0123|data-processing>',
  'restore namespace <!date^1^{date}|data-processing>',
  'restore namespace <https://evil.example|data-processing>',
  'restore namespace <https://evil.example/data-processing>',
  'restore namespace <mailto:evil@x.y|data-processing>',
  'restore namespace <javascript:alert(1)|data-processing>',
  'restore namespace <http://data-processing|velero>',
  'restore namespace <data-processing>',
  'restore namespace <<@U1|x>data-processing>',
  'restore namespace <',
  'restore namespace data-processing>',
  'restore namespace &lt;data-processing&gt;',
  'restore namespace &amp;lt;data-processing',
  'restore namespace data-processing&amp;&amp;id',
  'restore namespace data-processing&nbsp;',
  'restore namespace &#100;ata-processing',
  'restore namespace *data-processing*',
  'restore namespace _data-processing_',
  'restore namespace ~data-processing~',
  '<@U0MUSTER> restore namespace data-processing',
  '<!channel> everybody',
  '<!everyone>',
  '<https://evil.example|help>',
  '<restore|help> namespace data-processing',
];

describe.skipIf(!canTravel)('hostile texts from Slack', () => {
  let world: World;
  let slack: InSlack;
  let foreign = '';
  let digest = '';
  const LEAD = 'U0LEAD';
  const MALLORY = 'U0MALLORY';
  const SHOP = 'U0SHOP';
  beforeAll(async () => {
    world = await openWorld();
    slack = await goInSlack(
      world,
      `groups: {leads: {slack: [${LEAD}]}, shop: {slack: [${SHOP}]}}
allow:
  - {group: leads, may: [request, abort, approve], clusters: ["*"], namespaces: [${NAMESPACE}]}
  - {group: shop, may: [request, abort, approve], clusters: ["*"], namespaces: [shop]}`,
    );
    const stop = await world.inside.startBot();
    await loseNamespace(world);
    foreign = await ask(world);
    digest = await planOf(world, foreign);
    await stop();
  });
  afterAll(async () => {
    await slack.close();
    await abortLeftovers();
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  async function abortLeftovers(): Promise<void> {
    const stop = await world.inside.startBot();
    await abort(world, foreign);
    await stop();
  }

  async function expectRefusal(line: string, user: string): Promise<string> {
    const { ok, text } = await slack.type(line, user);
    expect(ok, text.slice(0, 300)).toBe(false);
    expect(text).not.toMatch(/Unexpected:|undefined|\[object|^\s+at /m);
    expect(text.length).toBeGreaterThan(20);
    expect(text.length).toBeLessThan(6_000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    return text;
  }

  test('there are more than a hundred of them', () => {
    expect(new Set([...TYPED, ...DELIVERED]).size).toBeGreaterThan(100);
  });

  test.each(TYPED)('typed: %j is refused, though this member may do everything', async (line) => {
    await expectRefusal(escapeMarkup(line), LEAD);
  });

  test.each(DELIVERED)('delivered: %j is refused', async (line) => {
    await expectRefusal(line, LEAD);
  });

  test.each([
    'approve RUN DIGEST',
    'approve RUN',
    'approve RUN DIGEST --reason "let me in please"',
    'reject RUN DIGEST',
    'abort RUN',
    'retry RUN',
    restore,
  ])('%s by whom the policy does not know, or knows for another namespace, is refused', async (line) => {
    const typed = line.replace('RUN', foreign).replace('DIGEST', digest);
    expect(await expectRefusal(typed, MALLORY)).toContain('No group of the policy knows this actor.');
    expect(await expectRefusal(typed, SHOP)).toContain('The policy does not let shop ');
  });

  test.each([
    'status RUN',
    'status nosuch',
    'runs',
    'runs --active',
    `${restore} --dry-run`,
    'abort nosuch',
    'approve nosuch ffffffff',
  ])('%s tells nothing to whom the policy does not know', async (line) => {
    const text = await expectRefusal(line.replace('RUN', foreign), MALLORY);
    expect(text).toContain('No group of the policy knows this actor.');
    expect(text).not.toMatch(/There is no run|waiting for approval/);
  });

  test.each(['approve RUN', 'approve RUN ""', 'approve RUN DIGES', 'approve RUN *', 'approve RUN ffffffffffff'])(
    '%s is no approval of a plan that was read',
    async (line) => {
      const typed = line.replace('RUN', foreign).replace('DIGES', digest.slice(0, 5));
      expect(await expectRefusal(typed, LEAD)).toMatch(/Name the plan you have read|The plan of run .* is .* now, not/);
    },
  );

  test('everybody may ask what there is', async () => {
    expect(await slack.type('help', MALLORY)).toMatchObject({ ok: true });
    expect(await slack.type('runbooks', MALLORY)).toMatchObject({ ok: true });
    expect(await slack.type('', MALLORY)).toMatchObject({ ok: true });
  });

  test('after all this nothing was recorded, changed or run', async () => {
    expect(await world.ledger.recent(100)).toEqual([`run-${foreign}`]);
    expect(await world.events(foreign)).toEqual(['run.requested', 'run.planned']);
    expect(world.writes()).toEqual([]);
    expect(existsSync(CANARY)).toBe(false);
  });
});
