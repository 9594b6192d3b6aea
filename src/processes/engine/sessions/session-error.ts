/** A session that is no longer open, or not as it was. Named so for the host. */
export class SessionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SessionError";
  }
}
