import type { ChatMessage } from '../../domain/chat-message.ts';
import type { PostContext, PostKind, RenderPost } from '../../domain/post-context.ts';
import { disarmContext } from './markup.ts';
import { renderCard } from './render-card.ts';
import { renderElsewhere } from './render-elsewhere.ts';
import { renderEnd } from './render-end.ts';
import { renderGlass } from './render-glass.ts';
import { renderParked } from './render-parked.ts';
import { renderPlanPost } from './render-plan-post.ts';
import { renderReminder } from './render-reminder.ts';

const RENDERERS: Record<PostKind, (context: PostContext) => ChatMessage> = {
  card: renderCard,
  plan: renderPlanPost,
  reminder: renderReminder,
  glass: renderGlass,
  parked: renderParked,
  elsewhere: renderElsewhere,
  end: renderEnd,
};

/** The one way in: no text reaches a message before it is disarmed. */
export const renderPost: RenderPost = (kind, context) => RENDERERS[kind](disarmContext(context));
