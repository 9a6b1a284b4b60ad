import type { FaultKind } from './faults.ts';
import type { Target } from './routing.ts';
import { qualify, StatusError } from './status-error.ts';

const reasons: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The refusal that a fault asks for; undefined where it is of another kind. */
export function faultAnswer(fault: FaultKind, verb: string, target: Target | undefined): StatusError | undefined {
  if (fault.kind === 'refuse') {
    const { plural = '', group = '' } = target?.resource ?? {};
    const what = `User "sandbox" cannot ${verb} resource "${plural}" in API group "${group}"`;
    const where = target?.namespace === undefined ? 'at the cluster scope' : `in the namespace "${target.namespace}"`;
    const name = target?.name;
    const message = `${qualify({ plural, group })}${name === undefined ? '' : ` "${name}"`} is forbidden: ${what} ${where}`;
    return new StatusError(403, 'Forbidden', message, { ...(name === undefined ? {} : { name }), group, kind: plural });
  }
  if (fault.kind !== 'status') return undefined;
  const message = fault.message ?? `the sandbox was asked to answer ${fault.code}`;
  const details = fault.retryAfter === undefined ? {} : { retryAfterSeconds: fault.retryAfter };
  return new StatusError(fault.code, reasons[fault.code] ?? '', message, details);
}
