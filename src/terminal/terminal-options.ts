/** What the terminal understands beside the commands' own options. */
export interface TerminalOptions {
  json: boolean;
  /** Follow the run to its end: yes, no, or as the command and the terminal suggest. */
  wait: boolean | undefined;
  /** Both yes and no were said: nothing is done. */
  contradicts: boolean;
  verbose: boolean;
  version: boolean;
}

const OWN = ['--json', '--wait', '--no-wait', '--verbose', '--version'];

/** Takes the terminal's own options out, wherever they stand before a `--`. */
export function splitOptions(argv: readonly string[]): { words: string[]; options: TerminalOptions } {
  const end = argv.indexOf('--');
  const head = end === -1 ? argv : argv.slice(0, end);
  const [wait, noWait] = [head.includes('--wait'), head.includes('--no-wait')];
  return {
    words: [...head.filter((word) => !OWN.includes(word)), ...argv.slice(head.length)],
    options: {
      json: head.includes('--json'),
      wait: wait === noWait ? undefined : wait,
      contradicts: wait && noWait,
      verbose: head.includes('--verbose'),
      version: head.includes('--version'),
    },
  };
}
