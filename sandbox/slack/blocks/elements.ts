import { LIMITS } from '../limits.ts';
import { boolean, list, number, object, oneOf, plain, type Rule, type Shape, string, text, typed } from './rule.ts';

const URL_TEXT = (max: number): Rule => string(max, { pattern: /^[a-z][a-z0-9+.-]*:\S+$/i });
const action = { type: string(255), action_id: string(LIMITS.id) };
const confirm: Rule = object(
  {
    title: plain(LIMITS.confirm.title),
    text: text(LIMITS.confirm.text),
    confirm: plain(LIMITS.confirm.button),
    deny: plain(LIMITS.confirm.button),
    style: oneOf('primary', 'danger'),
  },
  ['title', 'text', 'confirm', 'deny'],
);
const option = (label: Rule): Rule =>
  object(
    {
      text: label,
      value: string(LIMITS.option.value),
      description: text(LIMITS.option.description),
      url: URL_TEXT(LIMITS.option.url),
    },
    ['text', 'value'],
  );
const plainOption = option(plain(LIMITS.option.text));
const richOption = option(text(LIMITS.option.text));
const focus = { focus_on_load: boolean };
const hint = { placeholder: plain(LIMITS.select.hint) };
const dispatch = {
  dispatch_action_config: object({ trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2) }),
};
const id = string(LIMITS.id);
const menu = { ...action, ...focus, ...hint, confirm };
const many = { max_selected_items: number };
const options = {
  options: list(plainOption, LIMITS.select.options),
  option_groups: list(
    object({ label: plain(LIMITS.select.groupLabel), options: list(plainOption, LIMITS.select.options) }, [
      'label',
      'options',
    ]),
    LIMITS.select.groups,
  ),
};
const filter = {
  filter: object({
    include: list(oneOf('im', 'mpim', 'private', 'public'), 4),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  }),
};
const oneList = { anyOf: [['options', 'option_groups']], notBoth: [['options', 'option_groups']] };
const shape = (fields: Record<string, Rule>, ...required: string[]): Shape => ({
  fields,
  required: ['type', ...required],
});

export const IMAGE_FIELDS = {
  type: string(255),
  alt_text: string(LIMITS.image.alt),
  image_url: URL_TEXT(LIMITS.image.url),
  slack_file: object({ id, url: URL_TEXT(LIMITS.image.url) }),
};
export const ONE_IMAGE = { anyOf: [['image_url', 'slack_file']], notBoth: [['image_url', 'slack_file']] };

/** What a person can press, choose or fill in, and pictures. */
export const ELEMENTS: Readonly<Record<string, Shape>> = {
  button: shape(
    {
      ...action,
      text: plain(LIMITS.button.text),
      value: string(LIMITS.button.value),
      url: URL_TEXT(LIMITS.button.url),
      style: oneOf('primary', 'danger'),
      accessibility_label: string(LIMITS.button.label),
      confirm,
    },
    'text',
  ),
  image: { ...shape(IMAGE_FIELDS, 'alt_text'), ...ONE_IMAGE },
  overflow: shape({ ...action, confirm, options: list(plainOption, LIMITS.overflow) }, 'options'),
  radio_buttons: shape(
    { ...action, ...focus, confirm, options: list(richOption, LIMITS.choices), initial_option: richOption },
    'options',
  ),
  checkboxes: shape(
    {
      ...action,
      ...focus,
      confirm,
      options: list(richOption, LIMITS.choices),
      initial_options: list(richOption, LIMITS.choices),
    },
    'options',
  ),
  static_select: { ...shape({ ...menu, ...options, initial_option: plainOption }), ...oneList },
  multi_static_select: {
    ...shape({ ...menu, ...options, ...many, initial_options: list(plainOption, LIMITS.select.options) }),
    ...oneList,
  },
  external_select: shape({ ...menu, initial_option: plainOption, min_query_length: number }),
  users_select: shape({ ...menu, initial_user: id }),
  multi_users_select: shape({ ...menu, ...many, initial_users: list(id, 100) }),
  channels_select: shape({ ...menu, initial_channel: id, response_url_enabled: boolean }),
  conversations_select: shape({
    ...menu,
    ...filter,
    initial_conversation: id,
    default_to_current_conversation: boolean,
    response_url_enabled: boolean,
  }),
  datepicker: shape({ ...menu, initial_date: string(10, { pattern: /^\d{4}-\d{2}-\d{2}$/ }) }),
  timepicker: shape({ ...menu, initial_time: string(5, { pattern: /^\d{2}:\d{2}$/ }), timezone: string(100) }),
  datetimepicker: shape({ ...action, ...focus, confirm, initial_date_time: number }),
  plain_text_input: shape({
    ...action,
    ...focus,
    ...hint,
    ...dispatch,
    initial_value: string(LIMITS.input.text, { min: 0 }),
    multiline: boolean,
    min_length: number,
    max_length: number,
  }),
  number_input: shape(
    {
      ...action,
      ...focus,
      ...hint,
      ...dispatch,
      is_decimal_allowed: boolean,
      initial_value: string(100),
      min_value: string(100),
      max_value: string(100),
    },
    'is_decimal_allowed',
  ),
  url_text_input: shape({ ...action, ...focus, ...hint, ...dispatch, initial_value: string(LIMITS.button.url) }),
  email_text_input: shape({ ...action, ...focus, ...hint, ...dispatch, initial_value: string(255) }),
};

const MENUS = ['static_select', 'external_select', 'users_select', 'channels_select', 'conversations_select'];
const MULTI_MENUS = ['multi_static_select', 'multi_users_select'];
const PICKERS = ['datepicker', 'timepicker'];
const CHOICES = ['radio_buttons', 'checkboxes'];

const element = (...types: string[]) => typed(() => ELEMENTS, ...types);
export const ACTION_ELEMENT = element(
  ...['button', 'overflow', 'datetimepicker', ...MENUS, ...MULTI_MENUS, ...PICKERS, ...CHOICES],
);
export const ACCESSORY = element(...['button', 'image', 'overflow', ...MENUS, ...MULTI_MENUS, ...PICKERS, ...CHOICES]);
export const INPUT_ELEMENT = element(
  ...['plain_text_input', 'number_input', 'url_text_input', 'email_text_input', 'datetimepicker'],
  ...[...MENUS, ...MULTI_MENUS, ...PICKERS, ...CHOICES],
);
