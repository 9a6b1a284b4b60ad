/** One sentence about an incident; each view sets it in its own way. What it says may be untrusted text. */
export interface Line {
  text: string;
  /** What must not be overlooked. */
  strong?: boolean;
  /** Where people read more, and how that is called. */
  url?: string | undefined;
  label?: string;
  /** The command line that does what the sentence speaks of. */
  command?: string;
}

/** For the terminal and for answers. */
export function plainLine({ text, url, command }: Line): string {
  const more = [...(command === undefined ? [] : [`dr ${command}`]), ...(url === undefined ? [] : [url])];
  return oneLine([text, ...more].join(' '));
}

/** No control or bidirectional characters: a terminal would obey them. */
export function oneLine(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
      .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
      .trim()
  );
}
