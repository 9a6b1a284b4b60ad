import { quoteToken } from '../domain/command-line.ts';
import type { Runbook } from '../domain/runbook.ts';

/** What `dr help run` says about a runbook: how it is started, and each parameter. */
export function renderRunbookHelp(name: string, runbook: Runbook): string[] {
  const params = Object.entries(runbook.params);
  const rows = params.map(([param, spec]) => [describeParameter(param, spec), describeUse(spec)] as const);
  const width = Math.max(0, ...rows.map(([what]) => what.length));
  const wanted = params.filter(([, { required }]) => required).map(([param, { type }]) => ` ${param}=<${type}>`);
  return [
    `${name}: ${runbook.summary}`,
    `  dr run ${name}${wanted.join('')}${params.length > wanted.length ? ' [param=value ...]' : ''}`,
    ...rows.map(([what, use]) => `    ${what.padEnd(width)}  ${use}`),
  ];
}

function describeParameter(name: string, { required, type, choices }: Runbook['params'][string]): string {
  const value = choices === undefined ? `<${type}>` : choices.map(quoteToken).join('|');
  return required ? `${name}=${value}` : `[${name}=${value}]`;
}

function describeUse({ help, default: without }: Runbook['params'][string]): string {
  const fallback = without === undefined ? [] : [`default: ${without}`];
  return [...(help === undefined ? [] : [help]), ...fallback].join('; ');
}
