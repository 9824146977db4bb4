/** The page, bundled by `buildPage.ts` as the package is built or its tests run. */
declare module 'virtual:live-page' {
  export const html: string;
  export const css: string;
  export const script: string;
  export const icon: string;
}
