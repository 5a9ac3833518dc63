/** The body of every 4xx and 5xx. `code` is stable; `message` is for people; `errors` name the fields. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly errors?: readonly FieldError[];
}
export interface FieldError {
  /** JSON path of the field: `alerts[3].severity`. */
  readonly path: string;
  readonly message: string;
}
