/** What the harness shows, and what answers the page. */
export interface Scene {
  /** The answer to a request of `PreviewRequests`. */
  answer(method: string, params: never): Promise<unknown>;
  close(): Promise<void>;
}
