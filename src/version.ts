/** Version of the app. A test compares it with package.json, which bundles would contain as a whole. */
export const VERSION = '0.1.0';
