import { z } from 'zod';

/**
 * What happened to the messages about a run, as written to its stream `posts-<run>`. It is apart from the run's own stream: the run
 * never waits for Slack.
 */

function event<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.object({ type: z.literal(type), v: z.literal(1), eid: z.string(), at: z.number(), ...shape });
}

/** Written before the message goes out: whoever finds it without an outcome must look for the message first. */
const Begun = event('post.begun', { key: z.string(), channel: z.string(), attempt: z.number().int().positive() });
/** `shows`: the hash of what it says. */
const Sent = event('post.sent', { key: z.string(), channel: z.string(), ts: z.string(), shows: z.string() });
/** The chat will not take it there, ever. */
const Refused = event('post.refused', { key: z.string(), channel: z.string(), why: z.string() });
/** Written where an edited message comes to rest, so that nobody edits it again for nothing. */
const Edited = event('post.edited', { key: z.string(), shows: z.string() });
/** Everything about the run is said; `why`: what was left unsaid, if anything. */
const Ended = event('posts.ended', { why: z.string().optional() });

export const PostEvent = z.discriminatedUnion('type', [Begun, Sent, Refused, Edited, Ended]);
export type PostEvent = z.infer<typeof PostEvent>;
export type PostEventDraft = PostEvent extends infer E
  ? E extends PostEvent
    ? Omit<E, 'v' | 'eid' | 'at'>
    : never
  : never;

export function isPostEvent(event: { type: string }): event is PostEvent {
  return event.type.startsWith('post');
}
