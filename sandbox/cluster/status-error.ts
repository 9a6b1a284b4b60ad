/**
 * The API's error answers: objects of kind Status, as `staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go` builds them.
 */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, unknown>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** What an error is about: the plural and group of a resource, and the object's name if there is one. */
export interface Subject {
  plural: string;
  group: string;
  kind?: string;
  name?: string;
}

/** A refusal that the API server answers with; `code` is the HTTP status. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export function toStatus(error: StatusError): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    ...(error.reason === '' ? {} : { reason: error.reason }),
    ...(error.details === undefined ? {} : { details: error.details }),
    code: error.code,
  };
}

/** Names a resource as messages do: `pods`, `deployments.apps`. */
export function qualify(subject: { plural: string; group: string }): string {
  return subject.group === '' ? subject.plural : `${subject.plural}.${subject.group}`;
}

function describe(subject: Subject, kind: string, causes?: StatusCause[]): StatusDetails {
  return {
    ...(subject.name ? { name: subject.name } : {}),
    ...(subject.group === '' ? {} : { group: subject.group }),
    kind,
    ...(causes === undefined ? {} : { causes }),
  };
}

export function notFound(subject: Subject): StatusError {
  const message = `${qualify(subject)} "${subject.name ?? ''}" not found`;
  return new StatusError(404, 'NotFound', message, describe(subject, subject.plural));
}

export function alreadyExists(subject: Subject): StatusError {
  const message = `${qualify(subject)} "${subject.name ?? ''}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, describe(subject, subject.plural));
}

export function conflict(subject: Subject, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualify(subject)} "${subject.name ?? ''}": ${why}`;
  return new StatusError(409, 'Conflict', message, describe(subject, subject.plural));
}

/** The write lost against another one made since the object was read. */
export function modifiedSince(subject: Subject): StatusError {
  return conflict(
    subject,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** The name belongs to another object than the one that was meant. */
export function uidConflict(subject: Subject, asked: string, actual: string): StatusError {
  return conflict(subject, `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${actual}`);
}

export function namespaceTerminating(subject: Subject, namespace: string): StatusError {
  const message =
    `${qualify(subject)} "${subject.name ?? ''}" is forbidden: ` +
    `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause: StatusCause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  return new StatusError(403, 'Forbidden', message, describe(subject, subject.plural, [cause]));
}

/** A precondition of a deletion does not hold; the message and the details name the kind, as apiserver's `rest/delete.go` does. */
export function preconditionFailed(subject: Subject, why: string): StatusError {
  const kind = subject.kind ?? subject.plural;
  const message = `Operation cannot be fulfilled on ${qualify({ plural: kind, group: subject.group })} "${subject.name ?? ''}": ${why}`;
  return new StatusError(409, 'Conflict', message, describe(subject, kind));
}

/** 422: an option of the request itself, such as dryRun, is not acceptable. */
export function invalidOption(optionsKind: string, field: string, reason: string, message: string): StatusError {
  return invalid({ plural: '', group: 'meta.k8s.io', kind: optionsKind }, [{ reason, message, field }]);
}

/** 422: the object is well-formed but not acceptable. Causes carry the field paths. */
export function invalid(subject: Subject, causes: StatusCause[]): StatusError {
  const kind = subject.kind ?? subject.plural;
  const full = subject.group === '' ? kind : `${kind}.${subject.group}`;
  const texts = causes.map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`);
  const list = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
  const message = `${full} "${subject.name ?? ''}" is invalid: ${list}`;
  return new StatusError(422, 'Invalid', message, describe(subject, kind, causes));
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function unsupportedMediaType(accepted: string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}

/** 410: the watch or the page asks for a revision that history no longer has. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}
