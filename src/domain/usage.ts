/** The part of a command that its usage line and its help are made of. */
export interface Usable {
  name: string;
  summary: string;
  details?: string[];
  arguments: { name: string; help: string; required?: boolean }[];
  options: Record<string, { type: 'text' | 'flag'; help: string }>;
  examples: string[];
}

/** `Usage: dr approve <run> [digest] [--reason <text>]` */
export function usageOf({ name, arguments: args, options }: Usable): string {
  const places = args.map((arg) => (arg.required === true ? `<${arg.name}>` : `[${arg.name}]`));
  const flags = Object.entries(options).map(([option, { type }]) => `[${optionText(option, type)}]`);
  return ['Usage: dr', name, ...places, ...flags].join(' ');
}

export function optionText(option: string, type: 'text' | 'flag'): string {
  return type === 'flag' ? `--${option}` : `--${option} <${option}>`;
}
