/**
 * Whether this is the build for development. A constant that the build replaces (`tsup.base.ts`): code behind it is in no
 * page of an app in production. In tests it is true.
 */
declare const __DEV__: boolean;
