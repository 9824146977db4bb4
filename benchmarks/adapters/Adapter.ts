/** What every library under measurement is made to look like: started once, then told of user actions. */
export interface Adapter {
  /** Starts the library against a server at `origin`, such as `http://127.0.0.1:8080`. */
  start(origin: string): void;
  /** One user action, by the verb that the library offers for it. */
  event(action: string): void;
}
