import { onCallOf } from '../domain/incident-room.ts';
import { defineEffect } from '../incident-contracts.ts';
import { findInSlack } from './messages/find-in-slack.ts';

/** Who of those on call is whom in Slack, where Slack could not be asked when they were looked up. */
export const effect = defineEffect({
  name: 'match-on-call',
  title: 'who of those on call is in Slack',
  apply: async (context) => {
    const responders = (onCallOf(context.view.state) ?? []).map(async ({ unmatched, ...responder }) => {
      if (unmatched === undefined) return responder;
      const found = await context.pager.search(responder.pager, context.signal);
      const slack = await findInSlack(context, found.find(({ id }) => id === responder.pager)?.email);
      return { ...responder, ...(slack === undefined ? {} : { slack }) };
    });
    return { responders: await Promise.all(responders) };
  },
});
