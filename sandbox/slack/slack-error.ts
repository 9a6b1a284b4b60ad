/** Slack's refusal of a call: HTTP 200 with `ok: false`, this code, and whatever else belongs to it. */
export class SlackError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, details: Record<string, unknown> = {}) {
    super(code);
    this.name = 'SlackError';
    this.code = code;
    this.details = details;
  }
}

/** As Slack tells which argument is wrong, and why. */
export function refuseArguments(...messages: string[]): SlackError {
  return refuseWith('invalid_arguments', messages);
}

export function refuseWith(code: string, messages: readonly string[]): SlackError {
  if (messages.length === 0) return new SlackError(code);
  return new SlackError(code, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}
