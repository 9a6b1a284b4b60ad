import { quoteToken } from './command-line.ts';

/** A form for what does not fit on a line: its submission is a command line like any other. */
export interface Modal {
  /** At most 24 characters. */
  title: string;
  /** What the button says; at most 24 characters. */
  submit: string;
  /** Said above the inputs; plain text. */
  intro?: string;
  inputs: ModalInput[];
  /** What the command line begins with: the command's name, and what is decided already. */
  command: string;
}

export type ModalInput = {
  /** Of an option: its name without the dashes. */
  id: string;
  label: string;
  hint?: string;
  /** May be left empty; a checkbox always may. */
  optional?: boolean;
  /** Where its value goes; a checkbox is a flag. Arguments go in the order of the inputs. */
  as: 'argument' | 'option';
} & (
  | { type: 'text' | 'multiline'; initial?: string /** In characters. */; maxLength?: number }
  | { type: 'select'; choices: { value: string; label: string }[]; initial?: string }
  | { type: 'checkbox' /** Beside the box. */; text: string; initial?: boolean }
);

/** What of a modal is needed to make its command line. */
export type ModalLine = Pick<Modal, 'command'> & { inputs: Pick<ModalInput, 'id' | 'as'>[] };

/** The command line of a submission; a value that is not there, or empty, is left out. */
export function composeLine({ command, inputs }: ModalLine, values: ReadonlyMap<string, string | true>): string {
  const options: string[] = [];
  const words: string[] = [];
  for (const { id, as } of inputs) {
    const given = values.get(id);
    const value = typeof given === 'string' ? given.trim() : given;
    if (value === undefined || value === '') continue;
    if (value === true) options.push(`--${id}`);
    else if (as === 'option') options.push(quoteToken(`--${id}=${value}`));
    else words.push(quoteToken(value));
  }
  // What somebody writes into a field is no option, whatever it begins with.
  return [command, ...options, ...(words.length === 0 ? [] : ['--', ...words])].join(' ');
}

/** For where no form can be shown: what to type instead. */
export function sayInWords({ command, inputs }: Modal, prefix = 'dr'): string {
  const words = inputs.map(({ id, as, type, optional }) => {
    const word = type === 'checkbox' ? `--${id}` : as === 'option' ? `--${id} <${id}>` : `"<${id}>"`;
    return optional === true || type === 'checkbox' ? `[${word}]` : word;
  });
  return `Type it in one line: ${[prefix, command, ...words].join(' ')}`;
}
