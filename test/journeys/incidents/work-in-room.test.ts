import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isIncidentEvent } from '../../../src/domain/incident-events.ts';
import { heard, told, type, untilReady } from '../slack/act.ts';
import { PATIENCE_MS } from '../slack/patience.ts';
import { canTravel, eventually, NAMESPACE } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';

describe.skipIf(!canTravel)('an incident that is worked on in its room', () => {
  let world: IncidentWorld;
  let incident: string;
  let room: string;
  beforeAll(async () => {
    world = await openIncidentWorld();
    world.startBot();
    await untilReady(world);
    incident = await declare('declare ClickHouse is down');
    room = `incident-${incident}`;
    await untilRoom(incident);
    await eventually('oncall is in the room', () => tryInvite('lead'), PATIENCE_MS);
    world.slack.people.invite({ by: 'oncall', channel: room, user: 'stranger' });
  });
  afterAll(() => world.close());

  async function declare(line: string): Promise<string> {
    const text = await type(world, 'oncall', line);
    const id = /Incident (\d{8}-\d{6}(?:-\d+)?) is declared/.exec(text)?.[1];
    if (id === undefined) throw new Error(`nothing was declared: ${text}`);
    return id;
  }

  /** Until the ledger knows the room, and with it whose it is. */
  async function untilRoom(id: string): Promise<void> {
    const isOpen = async () => (await eventsOf(id)).some((it) => it.type === 'effect.done' && it.key === 'open-room');
    await eventually(`the room of ${id}`, async () => (await isOpen()) || undefined, PATIENCE_MS);
  }

  /** Whoever declared it is called in by and by. */
  function tryInvite(user: string): true | undefined {
    try {
      world.slack.people.invite({ by: 'oncall', channel: room, user });
      return true;
    } catch {
      return undefined;
    }
  }

  async function eventsOf(id: string) {
    return (await world.ledger.read(`incident-${id}`)).map(({ event }) => event).filter(isIncidentEvent);
  }

  async function press(user: string, label: string): Promise<string> {
    const { ts } = await eventually(
      `a button ${label}`,
      () => world.slack.pressable(room).findLast((button) => button.label === label),
      PATIENCE_MS,
    );
    return told(world, user, async () => {
      const delivery = await world.slack.deliver.click({ user, channel: room, ts, button: label, confirm: true });
      if (delivery === undefined) throw new Error('the click was not sent');
      return delivery;
    });
  }

  test('commands in it are about it, though another one is open', async () => {
    const other = await declare('declare something else --severity sev4');
    expect(await type(world, 'oncall', 'status', room)).toContain('ClickHouse is down');
    expect(await type(world, 'lead', 'note the disk is full', room)).toContain(`Noted in incident ${incident}.`);
    expect(await type(world, 'lead', `note by its room --incident #${room}`)).toContain(incident);
    expect(await type(world, 'oncall', 'note which')).toContain('2 incidents are open');
    expect(await type(world, 'oncall', `resolve --incident ${other}`)).toContain(`Incident ${other} is resolved.`);
  });

  test('its buttons are commands: who takes it and who has which role', async () => {
    expect(await press('lead', 'Acknowledge')).toContain('page 1 (on call): acknowledged by');
    expect(await press('lead', 'Be commander')).toContain('is commander of incident');
    const { lead } = world.slack.users;
    const events = await eventsOf(incident);
    expect(events).toContainEqual(expect.objectContaining({ type: 'role.assigned', role: 'commander', user: lead }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'page.changed', change: 'acknowledge' }));
    expect(await type(world, 'oncall', 'ack', room)).toContain(`<@${lead}> has it, since `);
  });

  /** What the form of this person says now. */
  const formOf = (user: string) => JSON.stringify(world.slack.views(user).at(-1)?.view ?? null);

  async function openForm(user: string, line: string, channel: string): Promise<void> {
    expect(await world.slack.deliver.command(user, channel, '/dr', line)).toMatchObject({ status: 200 });
    await eventually('a form', () => world.slack.views(user).length > 0 || undefined, PATIENCE_MS);
  }

  async function closeForm(user: string): Promise<void> {
    await world.slack.deliver.closeView({ user });
  }

  test('what is long is asked for by a form, and long texts stay whole', async () => {
    await openForm('lead', 'note', room);
    const text = 'first line\nsecond "line" --with what looks like --an=option';
    await world.slack.deliver.submitView({ user: 'lead', values: { text } });
    await eventually('the answer', () => formOf('lead').includes('Noted in incident') || undefined, PATIENCE_MS);
    await closeForm('lead');
    expect(await eventsOf(incident)).toContainEqual(expect.objectContaining({ type: 'note.added', text }));

    await openForm('lead', 'update', room);
    await world.slack.deliver.submitView({ user: 'lead', values: { text: 'restoring\ndone by 04:00' } });
    await eventually('the answer', () => formOf('lead').includes('The update is recorded') || undefined, PATIENCE_MS);
    await closeForm('lead');
    const posted = { type: 'update.posted', text: 'restoring\ndone by 04:00' };
    expect(await eventsOf(incident)).toContainEqual(expect.objectContaining(posted));
  });

  test('a form declares, with what was typed already standing in it', async () => {
    await openForm('lead', 'declare --severity sev3', 'incidents');
    expect(formOf('lead')).toMatch(/"initial_option":\{[^}]*\{[^}]*\},"value":"sev3"/);
    await world.slack.deliver.submitView({ user: 'lead', values: { title: 'by a form', private: 'yes' } });
    await eventually('the answer', () => formOf('lead').includes('is declared: sev3') || undefined, PATIENCE_MS);
    const id = /Incident (\d{8}-\d{6}(?:-\d+)?) is declared/.exec(formOf('lead'))?.[1] ?? '';
    await closeForm('lead');
    expect((await eventsOf(id))[0]).toMatchObject({ opening: { title: 'by a form', severity: 'sev3', private: true } });
    await type(world, 'lead', `resolve --incident ${id}`);
  });

  test('a recovery run that is asked for in it belongs to it, once', async () => {
    const text = await type(world, 'oncall', `restore namespace ${NAMESPACE}`, room);
    expect(text).toContain(`It belongs to incident ${incident}.`);
    const run = /Run ([a-z0-9]{6}):/.exec(text)?.[1] ?? '';
    const linked = (await eventsOf(incident)).filter((it) => it.type === 'incident.run-linked');
    expect(linked).toMatchObject([{ run, command: `restore namespace ${NAMESPACE}` }]);
    expect(await type(world, 'oncall', 'status', room)).toContain(`Run ${run}`);
    expect(await type(world, 'oncall', `restore namespace ${NAMESPACE}`)).not.toContain('belongs to incident');
  });

  test('whom the policy does not know learns nothing and does nothing', async () => {
    for (const line of ['note x', 'status', 'resolve', 'timeline', 'ack', 'role commander me'])
      expect(await type(world, 'stranger', line, room)).toContain('No group of the policy knows this actor.');
    expect(JSON.stringify(await eventsOf(incident))).not.toContain(world.slack.users.stranger);
    expect(heard(world, 'stranger').join('\n')).not.toContain('ClickHouse');
  });

  test('a private one is shown in its room, and elsewhere only to those who are in it', async () => {
    const id = await declare('declare customer data --private');
    await untilRoom(id);
    for (const line of ['incidents', 'status', `status ${id}`, `timeline ${id}`, `note x --incident ${id}`])
      expect(await type(world, 'dba', line)).not.toContain('customer data');
    expect(await type(world, 'oncall', `status ${id}`)).toContain('customer data');
    expect(world.slack.renderChannel('incidents')).not.toContain('customer data');
    expect(await type(world, 'oncall', `role scribe <@${world.slack.users.dba}> --incident ${id}`)).toContain(
      'is scribe',
    );
    expect(await type(world, 'dba', `status ${id}`)).toContain('customer data');
    await type(world, 'oncall', `resolve --incident ${id}`);
  });

  test('it is resolved once', async () => {
    expect(await type(world, 'lead', 'resolve the backup is restored', room)).toContain(
      `Incident ${incident} is resolved.`,
    );
    expect(await type(world, 'oncall', 'resolve', room)).toContain(`Incident ${incident} is resolved already, by `);
  });
});
