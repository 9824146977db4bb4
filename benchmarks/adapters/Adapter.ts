/** The two functions by which every library is used. */
export interface Adapter {
  /** Starts the library against a server at `origin`, such as `http://127.0.0.1:8080`. */
  start(origin: string): void;
  /** Records one user action, by the call that the library offers for it. */
  event(action: string): void;
}
