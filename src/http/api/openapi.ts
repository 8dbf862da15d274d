export const openApiText = () => '{}';
