import type { Approvers } from './approvers.ts';
import type { ChatMessage } from './chat-message.ts';
import type { RunState } from './run.ts';

/** What a run's messages in the chat are built from. */

/** Each of a run's messages in the chat. `card`: where the run stands, `plan`: asks for approval, `parked`: asks for a human; these are edited in place, the others are said once. */
export type PostKind = 'card' | 'plan' | 'reminder' | 'glass' | 'parked' | 'elsewhere' | 'end';

export interface PostContext {
  state: RunState;
  approvers: Approvers;
  /** Where the step in flight stands; undefined when none is. */
  progress: string | undefined;
  /** A link to the run's card, once it is posted. */
  cardLink: string | undefined;
  /** False for a message about a plan that is not, or no longer, the one to approve, or about an earlier time of being parked. */
  current: boolean;
}

/** Builds one of a run's messages. The same run in the same state gives the same message, whatever the time is. */
export type RenderPost = (kind: PostKind, context: PostContext) => ChatMessage;
