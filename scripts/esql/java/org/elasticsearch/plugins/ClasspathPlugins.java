package org.elasticsearch.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.elasticsearch.Build;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;

/** Plugins that stand on the class path, by the names of their classes: no folder of modules is needed. */
public final class ClasspathPlugins extends PluginsService {
  private final List<LoadedPlugin> loaded = new ArrayList<>();

  public ClasspathPlugins(Environment environment, List<String> names) throws ReflectiveOperationException {
    super(environment.settings(), environment.configDir(), none());
    for (String name : names) {
      Plugin plugin = plugin(Class.forName(name), environment.settings());
      PluginDescriptor descriptor =
          new PluginDescriptor(name, name, "1", Build.current().version(), "17", name, null, List.of(), false, false, false, false);
      loaded.add(new LoadedPlugin(descriptor, plugin, ClasspathPlugins.class.getClassLoader()));
      if (plugin instanceof ExtensiblePlugin extensible) extensible.loadExtensions(NO_EXTENSIONS);
    }
  }

  public static PluginsLoader none() {
    return PluginsLoader.createPluginsLoader(Set.of(), Set.of(), Map.of(), false);
  }

  private static final ExtensiblePlugin.ExtensionLoader NO_EXTENSIONS =
      new ExtensiblePlugin.ExtensionLoader() {
        @Override
        public <T> List<T> loadExtensions(Class<T> type) {
          return List.of();
        }
      };

  private static Plugin plugin(Class<?> type, Settings settings) throws ReflectiveOperationException {
    try {
      return (Plugin) type.getConstructor(Settings.class).newInstance(settings);
    } catch (NoSuchMethodException e) {
      return (Plugin) type.getConstructor().newInstance();
    }
  }

  // Asked for while the superclass is made, too.
  @Override
  protected List<LoadedPlugin> plugins() {
    return loaded == null ? List.of() : loaded;
  }

  @Override
  public <T> List<? extends T> loadServiceProviders(Class<T> type) {
    return ServiceLoader.load(type, ClasspathPlugins.class.getClassLoader()).stream().map(ServiceLoader.Provider::get).toList();
  }
}
