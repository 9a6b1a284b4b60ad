/** A refusal of the REST API; codes and messages are those of PagerDuty's documentation. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: readonly string[];

  constructor(status: number, code: number, message: string, errors: readonly string[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export const invalidInput = (...errors: string[]): ApiError =>
  new ApiError(400, 2001, 'Invalid Input Provided', errors);
export const badArguments = (...errors: string[]): ApiError =>
  new ApiError(400, 2002, 'Arguments Caused Error', errors);
export const notFound = (): ApiError => new ApiError(404, 2100, 'Not Found');
export const unauthorized = (): ApiError => new ApiError(401, 2006, 'Authentication failed');
export const DUPLICATE = 'Open incident with matching dedup key already exists on this service';
