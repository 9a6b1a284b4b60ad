import type { z } from 'zod';
import type { AccessAction } from './domain/access.ts';
import type { Actor } from './domain/actor.ts';
import type { TextFile } from './domain/chat-message.ts';
import type { CheckedRunbook } from './domain/checked-runbook.ts';
import type { Diagnosis } from './domain/diagnosis.ts';
import type { Modal } from './domain/modal.ts';
import type { Check, Json, Plan, Refusal } from './domain/plan.ts';
import type { Policy } from './domain/policy.ts';
import type { Provenance } from './domain/provenance.ts';
import type { RunView } from './domain/run.ts';
import type { Origin, RunEventDraft, RunRequest } from './domain/run-events.ts';
import type { Runbook } from './domain/runbook.ts';
import type { OwnHomes, Target } from './domain/target.ts';
import type { IncidentEngine } from './incident-contracts.ts';
import type { Clock, Cluster, Download, Ledger } from './ports.ts';

/** What people extend Muster with: commands and step types, one file each. */

export interface StepContext<P> {
  request: RunRequest;
  /** The step's parameters, parsed by its own schema. */
  params: P;
  /** The step's id in the runbook. */
  step: string;
  cluster: Cluster;
  homes: OwnHomes;
  clock: Clock;
  /** Fetches Velero's files from object storage. */
  download: Download;
  signal: AbortSignal;
}

/** One cluster to read from, and what it takes to read Velero's files. */
export type ClusterReader = Pick<StepContext<unknown>, 'cluster' | 'homes' | 'clock' | 'download' | 'signal'>;

/** Once the step has been started: what fences its effect at the target. */
export interface StartedContext<P> extends StepContext<P> {
  attempt: number;
  /** `dr-<run>-<step>-<attempt>`: the name of the object the step creates. A DNS label, at most 63 characters. */
  key: string;
  /** Milliseconds since 1970: when the step was started, and when the run was asked for. */
  startedAt: number;
  requestedAt: number;
  /** What this step's approved plan pinned. */
  facts: Record<string, Json>;
  /** The whole approved plan. */
  plan: Plan | undefined;
  /** Put on every object the step creates: who, which run, which digest, and the run's record so far. */
  provenance: Provenance;
  /** When this worker first saw something, in ms, by a name the step chooses; lost on a crash, which only lengthens patience. */
  firstSeen: Map<string, number>;
}

/** A step's contribution to the plan. Facts go into the digest: no statuses, no resourceVersions (DESIGN crash rule 7). */
export interface StepPlan {
  facts: Record<string, Json>;
  /** Line 2 of the plan: the backup, and what is lost by it. */
  loss?: string;
  /** Line 3 of the plan: what will NOT change. */
  keeps?: string;
  /** The PVCs that it makes without data in them. */
  withoutData?: string[];
  notes?: string[];
  checks?: Check[];
  refusals?: Refusal[];
}

/**
 * What the target says about a started step. `unknown`: it cannot be told, such as an API that does not answer; it is never
 * reported as `absent`. `stuck`: it has not ended, but is past what its runbook allows; a human decides. `changed`, when given, resolves when looking again is worth it.
 */
export type Observation =
  | { state: 'absent'; detail: string }
  | { state: 'running'; detail: string; changed?: (signal: AbortSignal) => Promise<void> }
  | { state: 'done'; evidence: string }
  | { state: 'failed'; message: string; action: string }
  | { state: 'stuck'; message: string; action: string }
  | { state: 'unknown'; detail: string };

/**
 * One kind of runbook step. `read`: changes nothing; `repeatable`: doing it twice is doing it once; `destructive`: needs an
 * approved plan, and parks rather than guesses.
 */
export interface StepType<P = unknown> {
  name: string;
  summary: string;
  effect: 'read' | 'repeatable' | 'destructive';
  params: z.ZodType<P>;
  /** Looks, refuses, pins; changes nothing. */
  plan(context: StepContext<P>): Promise<StepPlan>;
  /** May throw: a throw counts as `unknown`. */
  observe(context: StartedContext<P>): Promise<Observation>;
  /** Only called after `observe` said `absent`. Creating what exists already is no error if it is ours. @throws DrError NAME_TAKEN */
  apply(context: StartedContext<P>): Promise<void>;
  /** What can be proven afterwards. An empty answer proves nothing. */
  verify(context: StartedContext<P>): Promise<Check[]>;
  /** The object that `apply` creates, for a human to apply by hand; a name of its own, and nothing that says it is ours. */
  describeManifest?(context: StartedContext<P>): { [field: string]: Json };
  /** What goes on at the target when a run is aborted while this step is in flight, as one sentence. */
  describeAbort(context: StartedContext<P>): string;
}

export function defineStep<P>(step: StepType<P>): StepType<P> {
  return step;
}

export interface OptionSpec {
  /** A flag takes no value. */
  type: 'text' | 'flag';
  help: string;
}

export interface ArgumentSpec {
  name: string;
  help: string;
  required?: boolean;
  /** Takes all words that follow, none too; only the last argument may. */
  many?: boolean;
}

export interface CommandArgs {
  /** By the name in `arguments`. */
  arguments: Record<string, string>;
  /** The words of an argument that takes many. */
  rest: string[];
  options: Record<string, string>;
  flags: Set<string>;
}

export interface CommandContext {
  actor: Actor;
  /** The command line as typed, for the record. */
  text: string;
  /** Where in the chat it was typed; undefined in the terminal. */
  origin: Origin | undefined;
  ledger: Ledger;
  clock: Clock;
  runs: RunEngine;
  incidents: IncidentEngine;
  commands: ReadonlyMap<string, Command>;
  policy: Policy | undefined;
  /** The cluster of `--cluster`, to read from; undefined: the default one. @throws DrError CLUSTER_UNKNOWN, CONFIG_INVALID */
  openCluster(name: string | undefined): Promise<ClusterReader>;
  /** Looks at all that a recovery needs, on this cluster or on all that are known; changes nothing. @throws DrError CLUSTER_UNKNOWN */
  doctor: Doctor;
  /** @throws DrError ACCESS_DENIED, with what to do next */
  authorize(action: AccessAction, target: Target): void;
  /** Whether they may work on incidents. @throws DrError ACCESS_DENIED, with what to do next */
  authorizeResponding(): void;
  signal: AbortSignal;
}

export type Doctor = (cluster: string | undefined, signal: AbortSignal) => Promise<Diagnosis[]>;

/** What commands may ask of the engine. */
export interface RunEngine {
  /** The runbooks there are, by name. */
  runbooks: ReadonlyMap<string, Runbook>;
  /** Reads every runbook of a folder as if it were to be loaded; left out: the folder that is. @throws DrError CONFIG_INVALID */
  checkRunbooks(folder?: string): Promise<CheckedRunbook[]>;
  /** Fills in and checks a request; nothing is recorded. @throws DrError COMMAND_INVALID, RUNBOOK_NOT_FOUND, CLUSTER_UNKNOWN, PLAN_REFUSED for a protected namespace */
  prepare(order: RunOrder): Promise<RunRequest>;
  /** Plans without recording anything: `--dry-run`. */
  plan(request: RunRequest, signal: AbortSignal): Promise<Plan>;
  /** The objects that the plan's steps would create, as kubectl takes them. */
  manifests(request: RunRequest, plan: Plan, signal: AbortSignal): Promise<{ [field: string]: Json }[]>;
  /** Records the request and asks for a look. Returns the run's id. @throws DrError LEDGER_UNREACHABLE */
  begin(request: RunRequest): Promise<string>;
  /** @throws DrError RUN_NOT_FOUND, RUN_NEWER, LEDGER_UNREACHABLE */
  read(run: string): Promise<RunView>;
  /** The newest runs first; those that cannot be read are left out. */
  list(limit: number): Promise<RunView[]>;
  /** Why each of the newest that cannot be read cannot: a newer Muster wrote it, or its stream was lost. */
  unread(limit: number): Promise<Error[]>;
  /** The other runs on the same target that are not over, newest first. */
  others(request: RunRequest): Promise<RunView[]>;
  /**
   * Reads the run, records what `decide` answers, if anything, and asks for a look. Where somebody else was faster, the run is read and
   * decided again; so `decide` changes nothing but by its answer, and refuses by throwing.
   * @throws DrError RUN_NOT_FOUND, RUN_NEWER, LEDGER_UNREACHABLE, LEDGER_CONFLICT for a run that never holds still, and what `decide` throws
   */
  change<D extends RunEventDraft | undefined>(run: string, decide: (view: RunView) => D): Promise<Change<D>>;
  /** Where the step in flight stands, read from its target now; undefined when none is, or it cannot be told. Changes nothing. */
  progress(view: RunView, signal: AbortSignal): Promise<string | undefined>;
}

export interface Change<D> {
  /** The run as it was decided on, before what was recorded. */
  view: RunView;
  recorded: D;
}

export interface RunOrder {
  runbook: string;
  params: Record<string, string>;
  cluster: string | undefined;
  by: Actor;
  command: string;
  origin: Origin | undefined;
}

/** What a command answers, in every place it can be asked. */
export interface Reply {
  /** Lines of plain text. */
  lines: string[];
  /** What to know that is no part of the answer, such as a plan's warnings beside a manifest; a terminal writes it to stderr. */
  notes?: string[];
  /** What is too long for lines: a terminal prints it after them, Slack gets it as a file in the asker's direct messages. */
  file?: TextFile;
  /** Asks for what is missing: Slack opens the form in place of the lines, which lives 3 s from the command on, so nothing slow goes before. */
  modal?: Modal;
  /** The same for programs (`--json`). */
  data: Json;
  /** A run that the caller may want to follow; `byDefault`: a terminal follows it unless told not to. */
  follow?: { run: string; byDefault: boolean };
  /** False where the command could not do what was asked. */
  ok: boolean;
}

export interface Command {
  /** One or two words: `restore namespace`, `runs`. */
  name: string;
  summary: string;
  /** Where `help` lists it; left out: under recovery. */
  group?: 'incidents' | 'muster';
  /** More than the summary, for `help <command>`. */
  details?: string[];
  arguments: ArgumentSpec[];
  options: Record<string, OptionSpec>;
  /** Anybody may ask, also whom the policy does not know: its answer tells nothing of any run or cluster. */
  open?: boolean;
  /** Asks nothing of the ledger, so that in Slack, too, it is answered with Redis gone; answering twice does no harm. */
  unrecorded?: boolean;
  /** Somebody is to be paged by it: where it cannot be recorded, it is said that nobody was. */
  pages?: boolean;
  /** Examples that parse: the registry test runs them through the parser. */
  examples: string[];
  handle(args: CommandArgs, context: CommandContext): Promise<Reply>;
}

export function defineCommand(command: Command): Command {
  return command;
}
