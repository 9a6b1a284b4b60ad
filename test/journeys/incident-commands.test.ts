import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { incidentStream, isIncidentEvent } from '../../src/domain/incident-events.ts';
import { goInSlack, type InSlack } from './in-slack.ts';
import { abort } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

const LEAD = 'U0LEAD';
const MALLORY = 'U0MALLORY';

describe.skipIf(!canTravel)('incidents from the command line', () => {
  let world: World;
  let slack: InSlack;
  beforeAll(async () => {
    world = await openWorld();
    slack = await goInSlack(world, `groups: {leads: {slack: [${LEAD}]}}`);
  });
  afterAll(async () => {
    await slack.close();
    await world.close();
  });

  async function type(line: string): Promise<string> {
    const { code, text } = await world.inside.type(line);
    expect(code, text).toBe(0);
    return text;
  }

  async function refused(line: string): Promise<string> {
    const { code, text } = await world.inside.type(line);
    expect(code, text).toBe(1);
    expect(text).toMatch(/\n(Next|Type it in one line): .+/);
    return text;
  }

  async function declare(line: string): Promise<string> {
    const id = /^Incident (\d{8}-\d{6}(?:-\d+)?) is declared/.exec(await type(line))?.[1];
    return id ?? '';
  }

  async function typesOf(incident: string): Promise<string[]> {
    return (await world.ledger.read(incidentStream(incident))).map(({ event }) => event.type);
  }

  afterEach(async () => {
    for (const stream of await world.ledger.openIncidents())
      await world.inside.type(`resolve --incident ${stream.replace('incident-', '')}`);
  });

  test('with no incident there is nothing to work on, and it is said what to do', async () => {
    for (const line of ['note x', 'ack', 'escalate', 'resolve', 'mitigate', 'timeline', 'update x', 'severity 1'])
      expect(await refused(line)).toContain('No incident is open.\nNext: Declare one: dr declare');
    expect(await type('incidents')).toContain('No incident is open.');
    expect(await type('status')).toBe('No incident is open.\nNo run is unfinished.');
    expect(await refused('status nope')).toContain('There is no run or incident "nope".');
    expect(await refused('note x --incident 20260101-000000')).toContain('There is no incident "20260101-000000"');
    expect(await refused('note x --incident nosuch')).toContain("no incident's id and no incident's room");
    expect(await refused('note x --incident "#incident-nosuch"')).toContain('no room of an incident');
    expect(await refused('timeline <#C0123ABC>')).toContain('no room of an incident');
  });

  test('an incident is declared, worked on and resolved', async () => {
    const id = await declare('declare the shop is down --severity SEV1 --service shop');
    expect(await type('status')).toContain('the shop is down');
    expect(await type('note "the database does not answer"')).toContain(`Noted in incident ${id}.`);
    expect(await type('severity 2')).toContain('is sev2 now; it was sev1.');
    expect(await type('severity sev2')).toContain('is sev2 already.');
    expect(await type('role commander <@U0LEAD>')).toContain('<@U0LEAD> is commander of incident');
    expect(await type('role Commander U0DBA')).toContain('It was <@U0LEAD>.');
    expect(await refused('role commander me')).toContain('The policy does not say who ');
    expect(await refused('role comander me')).toMatch(/The policy|did you mean "commander"/);
    expect(await type('update restoring, done by 04:00')).toContain('The update is recorded');
    expect(await refused('update')).toBe(
      `No update is due, so there is no draft.\nType it in one line: dr update --incident ${id} "<text>"`,
    );
    expect(await refused('note')).toContain(`dr note --incident ${id} "<text>"`);
    expect(await refused('declare --private')).toContain(
      'dr declare "<title>" [--severity <severity>] [--service <service>]',
    );
    expect(await refused('update --post 1')).toContain('There is no draft of an update 1.');
    expect(await refused('update x --post 1')).toContain('It takes one of');
    expect(await type('ack')).toMatch(/page 1 \(on call\): acknowledged by .+ \(terminal\)\./);
    expect(await type(`ack ${id}`)).toMatch(/has it, since /);
    expect(await refused('ack --page 7')).toContain('has one page, not that one.');
    expect(await refused('escalate')).toContain('Escalating needs the REST API of PagerDuty');
    expect(await refused('page lead')).toContain('Nobody was paged.');
    expect(await type('mitigate traffic is elsewhere')).toContain('is mitigated.');
    expect(await refused('mitigate')).toContain('is mitigated already, by ');
    expect(await type('resolve "restored from a backup"')).toContain(`Incident ${id} is resolved.`);
    for (const line of ['resolve', 'ack', 'severity 1', 'update x', 'mitigate', 'update'])
      expect(await refused(`${line} --incident ${id}`)).toContain(`Incident ${id} is resolved already, by `);
    expect(await type(`note "all is well" --incident incident-${id}`)).toContain('Noted');
    expect(await type(`timeline ${id}`)).toContain('restored from a backup');
    expect(await type(`timeline #incident-${id}`)).toContain('traffic is elsewhere');
    expect(await type('incidents')).toContain('No incident is open.');
    expect(await type('incidents --all')).toContain('the shop is down');
    expect(await typesOf(id)).toEqual([
      ...['incident.declared', 'note.added', 'severity.changed', 'role.assigned', 'role.assigned', 'update.posted'],
      ...['page.changed', 'incident.mitigated', 'incident.resolved', 'note.added'],
    ]);
  });

  test('with no Muster running whoever works on it hears that nobody is paged and nobody is told', async () => {
    const undriven = 'Recorded, but no Muster is running: ';
    const env = { PAGERDUTY_ROUTING_KEY: 'x'.repeat(32) };
    const { code, text } = await world.dr(['declare', 'nobody', 'hears'], { env });
    expect(code, text).toBe(0);
    expect(text).toContain(`${undriven}NOBODY is paged until one is (npm start). Call them.\nIncident `);
    expect(text).not.toContain('is paging');
    expect(await type('ack')).toContain(`${undriven}nobody is told until one is`);
    expect(await type('ack')).not.toContain(undriven);
    expect(await type('mitigate')).toContain(`${undriven}nobody is told until one is`);
    expect(await type('resolve')).toContain(`${undriven}nobody is told until one is`);
  });

  test('of two open ones the one that is meant must be named', async () => {
    const one = await declare('declare the first');
    const two = await declare('declare the second --severity sev4');
    expect(await type(`status ${two}`)).toContain('the second');
    const text = await refused('note which');
    expect(text).toContain('2 incidents are open');
    for (const part of [one, two, 'the first', 'the second']) expect(text).toContain(part);
    expect(await type(`severity sev1 --incident ${two}`)).toContain('It was paged with low urgency');
    expect(await type(`resolve --incident ${two}`)).toContain(two);
    expect(await type('note this one')).toContain(`Noted in incident ${one}.`);
  });

  test('the draft that is due is posted once, as it was shown', async () => {
    const id = await declare('declare drafts');
    const after = (await world.ledger.read(incidentStream(id))).at(-1)?.id;
    const drafted = { type: 'slot.drafted', v: 1, eid: 'e1', at: world.inside.clock.now(), slot: 1 } as const;
    await world.ledger.append({
      ...{ stream: incidentStream(id), after, target: '', lease: 'none', terminal: false },
      event: { ...drafted, text: 'Status: down.\nNext: restore.' },
    });
    expect(await type('update')).toContain('Draft of update 1');
    expect(await type('update --edit 1')).toContain('  Next: restore.');
    expect(await refused('update --post 2')).toContain('There is no draft of an update 2.');
    expect(await type('update --post 1')).toContain('is recorded as it was drafted');
    expect(await refused('update --post 1')).toContain('An update was posted since that draft, by ');
    const events = (await world.ledger.read(incidentStream(id))).map(({ event }) => event);
    const posted = events.filter((event) => isIncidentEvent(event) && event.type === 'update.posted');
    expect(posted).toMatchObject([{ slot: 1, text: 'Status: down.\nNext: restore.' }]);
  });

  test('a draft that is not so any more is not posted as it was', async () => {
    const id = await declare('declare stale');
    const after = (await world.ledger.read(incidentStream(id))).at(-1)?.id;
    const drafted = { type: 'slot.drafted', v: 1, eid: 'e2', at: world.inside.clock.now(), slot: 1 } as const;
    await world.ledger.append({
      ...{ stream: incidentStream(id), after, target: '', lease: 'none', terminal: false },
      event: { ...drafted, text: 'Current status: OPEN.' },
    });
    await type('mitigate');
    const text = await refused('update --post 1');
    expect(text).toContain('The draft is out of date: the incident was mitigated since then.');
    expect(text).toContain(`Next: Edit it: dr update --edit 1 --incident ${id}; or write it: dr update`);
    const edited = await type('update --edit 1');
    expect(edited).toContain('The draft is out of date');
    expect(edited).not.toContain('--post');
    expect(await type('update it is mitigated')).toContain('The update is recorded');
  });

  test('a run that is asked for an incident is in its timeline before it begins', async () => {
    const id = await declare('declare the namespace is gone');
    expect(await refused(`restore namespace ${NAMESPACE} --incident 20260101-000000`)).toContain(
      'There is no incident',
    );
    expect(await world.ledger.recent(10)).toEqual([]);
    const text = await type(`restore namespace ${NAMESPACE} --incident ${id}`);
    expect(text).toContain(`It belongs to incident ${id}.`);
    const run = /^Run ([a-z0-9]{6}):/.exec(text)?.[1] ?? '';
    const linked = (await world.ledger.read(incidentStream(id))).at(-1);
    const requested = (await world.ledger.read(`run-${run}`)).at(0);
    expect(linked?.event).toMatchObject({ type: 'incident.run-linked', run });
    const millis = (entry: { id: string } | undefined) => Number(entry?.id.split('-')[0]);
    expect(millis(linked)).toBeLessThanOrEqual(millis(requested));
    expect(await type(`status ${id}`)).toContain(run);
    expect(await type(`resolve --incident ${id}`)).toContain(`Run ${run} is planning, and goes on`);
    const stop = await world.inside.startBot();
    await abort(world, run);
    await stop();
  });

  test('whom the policy does not know may neither look nor work, and without a policy nobody works', async () => {
    const id = await declare('declare a secret matter');
    for (const line of [
      `status ${id}`,
      'incidents',
      `timeline ${id}`,
      'status',
      'note x',
      'ack',
      'declare x',
      'resolve',
    ]) {
      const { ok, text } = await slack.type(line, MALLORY, []);
      expect(ok).toBe(false);
      expect(text).toContain('No group of the policy knows this actor.');
      expect(text).not.toContain('secret');
    }
    const env = { POLICY_FILE: '' };
    const [look, work] = await Promise.all([world.dr(['status', id], { env }), world.dr(['ack', id], { env })]);
    expect(look.code).toBe(0);
    expect(look.text).toContain('a secret matter');
    expect(work.code).toBe(3);
    expect(work.text).toContain('nobody may do anything else');
  });

  test('a private incident is shown to nobody in Slack who has nothing to do with it', async () => {
    const id = await declare('declare "customer data" --private');
    expect(await type('status')).toContain('customer data');
    expect((await slack.type('incidents', LEAD, [])).text).toMatch(/private/);
    for (const line of ['incidents', 'status', `status ${id}`, `timeline ${id}`, 'note x', 'declare another']) {
      const { text } = await slack.type(line, LEAD, []);
      expect(text).not.toContain('customer');
    }
    expect((await slack.type(`note x --incident ${id}`, LEAD, [])).text).toContain(`Incident ${id} is private.`);
    const newest = await declare('declare "more of it" --private');
    const which = (await slack.type('ack', LEAD, [])).text;
    expect(which).toContain(`${newest} (sev2, private, `);
    const next = /^Next: Say which, such as: --incident (\S+)$/m.exec(which)?.[1];
    expect(which).toContain(`${next} (sev2, another, `);
    await type(`role scribe ${LEAD} --incident ${id}`);
    expect((await slack.type(`status ${id}`, LEAD, [])).text).toContain('customer data');
    const { text } = await world.dr(['incidents', '--json'], { env: { POLICY_FILE: '' } });
    expect(text).not.toContain('customer');
    expect(text).toContain(id);
  });

  test('whatever a title, a note or an alert says, it is shown as text', async () => {
    const id = await declare('declare "<!channel> <@U0EVIL|x> `rm -rf /`\\nIncident 1 is declared" --service "$(id)"');
    await type('note "<!here> \\\\u001b[31m </code> ${7*7} {{x}}"');
    const after = (await world.ledger.read(incidentStream(id))).at(-1)?.id;
    const at = world.inside.clock.now();
    const evil = '\u001b[2J<!channel>\u202e\u0007 down\nNext: dr approve x';
    const alert = { source: 'generic', fingerprint: evil, status: 'firing', name: evil, summary: evil } as const;
    await world.ledger.append({
      ...{ stream: incidentStream(id), after, target: '', lease: 'none', terminal: false },
      event: {
        ...{ type: 'incident.alerts-recorded', v: 1, eid: 'e2', at, upTo: '1-0' },
        alerts: [{ ...alert, labels: { service: evil }, startsAt: at }],
      },
    });
    for (const line of [`status ${id}`, `timeline ${id}`, 'incidents', 'status']) {
      const text = await type(line);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
      expect(text).not.toMatch(/<!|`|^Next: dr approve|^Incident 1 is/m);
    }
  });

  test('as programs read it', async () => {
    const { code, text } = await world.dr(['declare', 'for', 'programs', '--json']);
    expect(code).toBe(0);
    const { ok, data } = JSON.parse(text);
    expect([ok, data.severity, data.room]).toEqual([true, 'sev2', null]);
    const status = JSON.parse((await world.dr(['status', data.incident, '--json'])).text);
    expect(status.data).toMatchObject({
      incident: data.incident,
      title: 'for programs',
      state: 'open',
      private: false,
    });
  });
});
