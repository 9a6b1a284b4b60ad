/** What the buttons of our messages say, one pattern for each verb; any other value was not written by us. */

const ID = String.raw`\d{8}-\d{6}(?:-\d{1,4})?`;
const OF = `(?: --incident ${ID})?`;
const NAME = '[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?';
const CLUSTER = String.raw`[\w.@:/+-]{1,253}`;
const PAGE = `(?: ${ID})?(?: --page \\d{1,4})?${OF}`;

export const BUTTON_LINES: Readonly<Record<string, RegExp>> = {
  approve: /^approve [a-z0-9]+( [0-9a-f]{8,64})?$/,
  reject: /^reject [a-z0-9]+( [0-9a-f]{8,64})?$/,
  abort: /^abort [a-z0-9]+( [0-9a-f]{8,64})?$/,
  retry: /^retry [a-z0-9]+( [0-9a-f]{8,64})?$/,
  status: new RegExp(`^status( [a-z0-9]+( [0-9a-f]{8,64})?| ${ID})?$`),
  timeline: new RegExp(`^timeline(?: ${ID})?$`),
  ack: new RegExp(`^ack${PAGE}$`),
  escalate: new RegExp(`^escalate${PAGE}$`),
  role: new RegExp(`^role (commander|comms|scribe)(?: me)?${OF}$`),
  severity: new RegExp(`^severity sev[1-4]${OF}$`),
  update: new RegExp(`^update --(post|edit) \\d{1,6}${OF}$`),
  // These two only plan: what changes anything waits for an approval.
  restore: new RegExp(
    `^restore namespace ${NAME}(?: --(?:from|schedule|into) ${NAME}){0,3}(?: --cluster ${CLUSTER})?${OF}$`,
  ),
  run: new RegExp(
    String.raw`^run [a-z0-9][a-z0-9-]{0,62}(?: [a-z][\w-]{0,62}=[\w.:/@+-]{1,253}){0,20}(?: --cluster ${CLUSTER})?${OF}$`,
  ),
};

/** The verbs of each button, by its action id: none says what another is for. */
const BUTTONS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^dr-(approve|reject|abort|retry|timeline|ack|escalate)$/, []],
  [/^dr-details$/, ['status']],
  [/^dr-plan$/, ['restore', 'run']],
  [/^dr-(role|severity|update)-[a-z0-9]+$/, []],
];

/** Whether one of our buttons says this. `actionId`: Slack's word for which button it is. */
export function isOurButton(actionId: string | undefined, text: string): boolean {
  const verb = text.split(' ', 1)[0] ?? '';
  const mayBe = BUTTONS.some(([id, verbs]) => {
    const own = id.exec(actionId ?? '');
    return own !== null && [own[1], ...verbs].includes(verb);
  });
  return mayBe && isButtonLine(text);
}

/** Whether the line is one that a button may say. */
export function isButtonLine(text: string): boolean {
  const verb = text.split(' ', 1)[0] ?? '';
  return Object.hasOwn(BUTTON_LINES, verb) && BUTTON_LINES[verb]?.test(text) === true;
}
