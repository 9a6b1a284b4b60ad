/** A message as the views build it and the chat adapter sends it: Slack's Block Kit, as far as Muster writes it. */

export interface PlainText {
  type: 'plain_text';
  text: string;
}

/** Slack's markup: `*bold*`, `<@U...>`, `<https://...|label>`; `&`, `<` and `>` of any other origin are escaped. */
export interface Markup {
  type: 'mrkdwn';
  text: string;
  /** Slack then makes no links of what merely looks like a URL, a channel or a name. */
  verbatim?: true;
}

/** Asked before a button's command line is sent. */
export interface Confirm {
  title: PlainText;
  text: PlainText | Markup;
  confirm: PlainText;
  deny: PlainText;
  style?: 'primary' | 'danger';
}

/** Its `value` is a command line, which enters by the same door as a typed one. */
export interface Button {
  type: 'button';
  action_id: string;
  text: PlainText;
  value: string;
  style?: 'primary' | 'danger';
  confirm?: Confirm;
}

export type Block =
  | { type: 'header'; text: PlainText }
  | { type: 'section'; text: Markup }
  | { type: 'section'; fields: Markup[] }
  | { type: 'context'; elements: Markup[] }
  | { type: 'actions'; elements: Button[] }
  | { type: 'divider' };

/** What is too long for a message goes beside it, into its thread. */
export interface TextFile {
  /** The same name is uploaded once to a thread. */
  name: string;
  title: string;
  content: string;
}

export interface ChatMessage {
  /** The whole message for notifications and screen readers, and where blocks cannot be shown. */
  text: string;
  blocks: Block[];
  file?: TextFile;
}
