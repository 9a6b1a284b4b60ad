import type { ModalView, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { DeliveryAnswer } from '../domain/delivery.ts';
import { composeLine, type Modal, type ModalInput } from '../domain/modal.ts';
import { escapeMarkup, readMarkup } from '../domain/slack-markup.ts';
import type { Chat } from '../ports.ts';
import type { CallSlack } from './slack-client.ts';

type View = Parameters<WebClient['views']['open']>[0]['view'] & ModalView;
type SlackBlock = View['blocks'][number];

/** Slack's limits in characters, and how long a text may be so that its line is not too long. */
const LONGEST = { title: 24, label: 150, hint: 150, choice: 75, text: 1_500, said: 2_900, error: 250 };
const MOST_CHOICES = 100;
const CHECKED = 'yes';

/** Goes with the modal to Slack and back with the submission: people do not see it and cannot change it. */
const Held = z.object({
  command: z.string(),
  channel: z.string().optional(),
  inputs: z.array(z.object({ id: z.string(), as: z.enum(['argument', 'option']) })),
});

const State = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      value: z.string().nullish(),
      selected_option: z.looseObject({ value: z.string() }).nullish(),
      selected_options: z.array(z.looseObject({ value: z.string() })).nullish(),
    }),
  ),
);

export function renderModal(modal: Modal, channel: string | undefined): View {
  const { title, submit, intro, inputs, command } = modal;
  const held: z.infer<typeof Held> = {
    command,
    ...(channel === undefined ? {} : { channel }),
    inputs: inputs.map(({ id, as }) => ({ id, as })),
  };
  return {
    type: 'modal',
    callback_id: 'dr-modal',
    title: plain(title, LONGEST.title),
    submit: plain(submit, LONGEST.title),
    close: plain('Cancel', LONGEST.title),
    private_metadata: JSON.stringify(held),
    blocks: [
      ...(intro === undefined ? [] : [{ type: 'section' as const, text: plain(intro, LONGEST.said) }]),
      ...inputs.map(renderInput),
    ],
  };
}

function renderInput(input: ModalInput): SlackBlock {
  const { id, label, hint, optional, type } = input;
  return {
    type: 'input',
    block_id: id,
    label: plain(label, LONGEST.label),
    optional: optional === true || type === 'checkbox',
    element: renderElement(input),
    ...(hint === undefined ? {} : { hint: plain(hint, LONGEST.hint) }),
  };
}

function renderElement(input: ModalInput) {
  const action_id = input.id;
  if (input.type === 'checkbox') {
    const options = [{ text: plain(input.text, LONGEST.choice), value: CHECKED }];
    return {
      ...{ type: 'checkboxes' as const, action_id, options },
      ...(input.initial === true ? { initial_options: options } : {}),
    };
  }
  if (input.type === 'select') {
    const fitting = input.choices.filter(({ value }) => value.length <= LONGEST.choice).slice(0, MOST_CHOICES);
    const options = fitting.map(({ value, label }) => ({ text: plain(label, LONGEST.choice), value }));
    const initial = options.find(({ value }) => value === input.initial);
    return {
      ...{ type: 'static_select' as const, action_id, options },
      ...(initial === undefined ? {} : { initial_option: initial }),
    };
  }
  const { maxLength = LONGEST.text, initial = '' } = input;
  return {
    ...{ type: 'plain_text_input' as const, action_id, multiline: input.type === 'multiline', max_length: maxLength },
    ...(initial === '' ? {} : { initial_value: cut(initial, maxLength) }),
  };
}

/** What a submission asks for: its line as Slack would deliver it typed, where the modal was opened, and where errors can stand. */
export function readSubmission(metadata: string, state: unknown) {
  const held = Held.safeParse(parseJson(metadata)).data;
  const fields = State.safeParse(state).data;
  if (held === undefined || fields === undefined) return undefined;
  const values = new Map<string, string | true>();
  for (const [block, actions] of Object.entries(fields)) {
    const field = actions[block];
    const value = field?.value ?? field?.selected_option?.value;
    if (value !== undefined) values.set(block, value);
    else if (field?.selected_options?.some((option) => option.value === CHECKED) === true) values.set(block, true);
  }
  const { channel, inputs } = held;
  return { text: escapeMarkup(composeLine(held, values)), channel, fields: inputs.map(({ id }) => id) };
}

/** What the person gets for a submission: what is wrong beside the field it is about, anything else in place of the form. */
export function renderModalAnswer(answer: DeliveryAnswer, fields: readonly string[]): object | undefined {
  const [first] = fields;
  if (answer.text === '') return undefined;
  if (answer.recorded !== false || first === undefined) return { response_action: 'update', view: renderSaid(answer) };
  const text = readMarkup(answer.text).replace(/^:warning: /, '');
  const at = fields.find((field) => text.includes(`--${field}`) || text.includes(`<${field}>`)) ?? first;
  return { response_action: 'errors', errors: { [at]: cut(text, LONGEST.error) } };
}

function renderSaid({ text, blocks }: DeliveryAnswer): View {
  const said = [{ type: 'section' as const, text: plain(readMarkup(text), LONGEST.said) }];
  return {
    type: 'modal',
    title: plain('Muster', LONGEST.title),
    close: plain('Close', LONGEST.title),
    blocks: blocks === undefined ? said : (blocks as SlackBlock[]),
  };
}

export interface Modals {
  open: Chat['openModal'];
  /** Shows an answer that came late in the modal that was submitted, if it is still open. Throws as Chat does. */
  show(view: string, answer: DeliveryAnswer, signal: AbortSignal): Promise<void>;
}

export function createModals(call: CallSlack): Modals {
  return {
    open: async (trigger, modal, channel, signal) => {
      const view = renderModal(modal, channel);
      await call('views.open', (web) => web.views.open({ trigger_id: trigger, view }), signal);
    },
    show: async (view, answer, signal) => {
      const said = renderSaid(answer);
      await call('views.update', (web) => web.views.update({ view_id: view, view: said }), signal);
    },
  };
}

function plain(text: string, longest: number) {
  return { type: 'plain_text' as const, text: cut(text === '' ? ' ' : text, longest) };
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
