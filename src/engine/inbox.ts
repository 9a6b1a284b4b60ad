/** The stream id by which a look at what webhooks have brought is asked for. */
export const INBOX = 'inbox';
