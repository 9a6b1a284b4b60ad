import type { ChildProcess } from 'node:child_process';
import type { ApiServer } from '../../sandbox/cluster/server.ts';
import { kindOfPost } from '../../src/domain/posts.ts';
import type { CallKill, CallWatch } from './call-watch.ts';
import type { RedisProxy, SeenAppend } from './redis-proxy.ts';

/**
 * Where a process dies. A write that lands first or last was on its way when its writer died: the API server takes it when the
 * next process writes, just before or just after that one.
 */
export type KillPoint =
  | { at: 'append'; n: number; phase: 'before' | 'after' }
  | { at: 'write'; n: number; phase: 'before' | 'after' | 'lands first' | 'lands last' }
  | { at: 'question'; n: number; phase: 'before' | 'after' }
  /** An append by its name, as `nameAppend` says: its place among the others varies with time. */
  | { at: 'event'; what: string; n: number; phase: 'before' | 'after' }
  /** A call to Slack or PagerDuty. */
  | ({ at: 'call' } & Omit<CallKill, 'die'>);

/** Objects that only ask Velero something; they are counted apart from the writes that have an effect. */
const QUESTION = /^(downloadrequests|serverstatusrequests)\./;

/** The bot, or the command that a human typed. */
export type Victim = 'bot' | 'restore' | 'backup' | 'approve' | 'status';

export interface Kill {
  of: Victim;
  point: KillPoint;
}

/** A kill that came about. */
export interface Killed extends Kill {
  what: string;
  append?: SeenAppend;
  child: ChildProcess;
}

export interface KillSwitch {
  /** Call it at once for every process that is started: the next kill of the trial is for it, or for a later one. */
  arm(victim: Victim, line: RedisProxy, child: ChildProcess): void;
  killed(): Killed[];
  /** The writes with an effect that the API server was asked for, as `create restores.velero.io`. */
  writes(): string[];
  /** The writes that only ask Velero something, as `create downloadrequests.velero.io`. */
  questions(): string[];
}

/** `post.sent plan`, `step.started restore`, `posts.ended`: whatever the run is called and whenever it was planned. */
export function nameAppend({ type, about = '' }: SeenAppend): string {
  return `${type} ${type.startsWith('post') ? kindOfPost(about) : about}`.trimEnd();
}

/** All the names that an append goes by: effects that begin together are recorded together. */
export function namesOf(append: SeenAppend): string[] {
  return append.begun?.map((key) => `${append.type} ${key}`) ?? [nameAppend(append)];
}

/** Kills the trial's processes one after the other, each at its point. `calls`: the calls to Slack and PagerDuty, if there are those. */
export function createKillSwitch(
  kills: readonly Kill[],
  onWrite: ApiServer['onWrite'],
  calls: CallWatch | undefined,
): KillSwitch {
  const left = [...kills];
  const killed: Killed[] = [];
  const writes: string[] = [];
  let writeKill: { n: number; run: () => Promise<void>; after?: () => void } | undefined;
  const arrived = Promise.withResolvers<void>();
  const stored = Promise.withResolvers<void>();
  let inFlight: KillPoint['phase'] | undefined;
  let counted = 0;

  const questions: string[] = [];
  let questionKill: { n: number; phase: KillPoint['phase']; die: (what: string) => void } | undefined;
  let asked = 0;

  function onQuestion(what: string, phase: 'before' | 'after'): void {
    if (phase === 'before') {
      questions.push(what);
      asked += 1;
    }
    if (asked !== questionKill?.n || phase !== questionKill.phase) return;
    const { die } = questionKill;
    questionKill = undefined;
    die(what);
    if (phase === 'before') throw new Error('The writer is dead; this question never arrived.');
  }

  onWrite(async ({ verb, resource, phase }) => {
    if (QUESTION.test(resource)) return onQuestion(`${verb} ${resource}`, phase);
    if (phase === 'after') {
      stored.resolve();
      if (counted === writeKill?.n) writeKill.after?.();
      return;
    }
    writes.push(`${verb} ${resource}`);
    counted += 1;
    if (counted === writeKill?.n) return writeKill.run();
    arrived.resolve();
    if (inFlight === 'lands first') await stored.promise;
  });

  function armWrite(phase: KillPoint['phase'], n: number, die: (what: string) => void): void {
    const dieAt = () => die(writes.at(-1) ?? '');
    const run = async () => {
      if (phase === 'after') return;
      dieAt();
      writeKill = undefined;
      if (phase === 'before') throw new Error('The writer is dead; this write never arrived.');
      inFlight = phase;
      await (phase === 'lands first' ? arrived : stored).promise;
    };
    const after = () => {
      writeKill = undefined;
      if (phase === 'after') dieAt();
    };
    writeKill = { n, run, after };
  }

  return {
    arm: (victim, line, child) => {
      line.arm();
      if (left[0]?.of !== victim) return;
      const [kill] = left.splice(0, 1);
      if (kill === undefined) return;
      const die = (what: string, append?: SeenAppend) => {
        child.kill('SIGKILL');
        killed.push({ ...kill, what, child, ...(append === undefined ? {} : { append }) });
      };
      const { point } = kill;
      const atAppend = (append: SeenAppend) => die(nameAppend(append), append);
      counted = 0;
      asked = 0;
      if (point.at === 'write') armWrite(point.phase, point.n, die);
      else if (point.at === 'question') questionKill = { ...point, die };
      else if (point.at === 'call') calls?.arm({ ...point, die: () => die(point.what) });
      else if (point.at === 'append') line.arm({ n: point.n, phase: point.phase, kill: atAppend });
      else line.arm({ ...point, counts: (append) => namesOf(append).includes(point.what), kill: atAppend });
    },
    killed: () => [...killed],
    writes: () => [...writes],
    questions: () => [...questions],
  };
}
